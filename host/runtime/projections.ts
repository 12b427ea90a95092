import { agentsProjection } from '#host/agents/registry/agent.ts';
import { inquiriesProjection } from '#host/inquiries/projection.ts';
import { policyProjections } from '#host/policy/projections.ts';
import { runProjections } from '#host/runs/projections.ts';
import { serversProjection } from '#host/mcp/client/projections.ts';
import { schedulerProjections } from '#host/scheduler/projections.ts';
import type { Projection } from '#host/store/ports.ts';

/** Every read model of this build. The verifier imports this too, to rebuild them from events. */
export const projections: readonly Projection<unknown>[] = [
  ...policyProjections,
  ...runProjections,
  agentsProjection,
  ...schedulerProjections,
  inquiriesProjection,
  serversProjection,
];
