import type { DomainEventData } from '#schema/events/domain-events.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { RunView } from '#schema/views/run.ts';
import type { Projection } from '#host/store/ports.ts';
import { evolveRun } from './core/run.ts';

const idIn = (data: StoredEvent['data'], field: string): string | null => {
  const value = data?.[field];
  return typeof value === 'string' ? value : null;
};

export const runsProjection: Projection<RunView> = {
  table: 'proj_runs',
  version: 2,
  key: (event) =>
    event.stream.stream_type === 'run' && event.event_type.startsWith('run.')
      ? event.stream.stream_id
      : null,
  evolve: evolveRun,
  columns: (r) => ({
    workspace_id: r.workspace_id,
    status: r.status,
    principal_id: r.principal.id,
    trigger_kind: r.trigger.kind,
    trigger_ref: r.trigger.ref,
  }),
};

/** One effect handed to a runner, and what came of it. */
export interface ToolCallView {
  tool_call_id: string;
  run_id: string;
  step_id: string;
  runner: string;
  tool: string;
  status: 'requested' | 'succeeded' | 'failed';
  requested_at: string;
  ended_at: string | null;
}

export const toolCallsProjection: Projection<ToolCallView> = {
  table: 'proj_tool_calls',
  version: 1,
  key: (event) =>
    event.event_type.startsWith('toolcall.') ? idIn(event.data, 'tool_call_id') : null,
  evolve(view, event) {
    if (event.event_type === 'toolcall.requested') {
      const { tool_call_id, run_id, step_id, runner, tool } =
        event.data as unknown as DomainEventData<'toolcall.requested'>;
      return {
        tool_call_id,
        run_id,
        step_id,
        runner,
        tool,
        status: 'requested',
        requested_at: event.occurred_at,
        ended_at: null,
      };
    }
    return view === null
      ? null
      : {
          ...view,
          status: event.event_type === 'toolcall.succeeded' ? 'succeeded' : 'failed',
          ended_at: event.occurred_at,
        };
  },
  columns: (t) => ({ run_id: t.run_id, status: t.status }),
};

/** One step of a run: today every run has exactly one. */
export interface StepView {
  step_id: string;
  run_id: string;
  started_at: string;
}

export const stepsProjection: Projection<StepView> = {
  table: 'proj_steps',
  version: 1,
  key: (event) => (event.event_type === 'run.started' ? idIn(event.data, 'step_id') : null),
  evolve: (_view, event) => {
    const { step_id, run_id } = event.data as unknown as DomainEventData<'run.started'>;
    return { step_id, run_id, started_at: event.occurred_at };
  },
  columns: (s) => ({ run_id: s.run_id }),
};

export type ArtifactView = DomainEventData<'artifact.created'> & { created_at: string };

export const artifactsProjection: Projection<ArtifactView> = {
  table: 'proj_artifacts',
  version: 1,
  key: (event) =>
    event.event_type === 'artifact.created' ? idIn(event.data, 'artifact_id') : null,
  evolve: (_view, event) => ({
    ...(event.data as unknown as DomainEventData<'artifact.created'>),
    created_at: event.occurred_at,
  }),
  columns: (a) => ({ run_id: a.run_id }),
};

export const runProjections: readonly Projection<unknown>[] = [
  runsProjection,
  toolCallsProjection,
  stepsProjection,
  artifactsProjection,
];
