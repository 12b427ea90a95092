import { mayDecide } from '#schema/envelope/principal.ts';
import type { CommandPayload } from '#schema/commands/registry.ts';
import type { DecisionKind } from '#schema/views/approval.ts';
import type { AgentRegistry } from '#host/agents/registry/service.ts';
import { HobError } from '#host/kernel/errors.ts';
import type { Capabilities } from '#host/policy/capabilities/service.ts';
import { approvalsProjection } from '#host/policy/projections.ts';
import type { EventStore } from '#host/store/ports.ts';
import type { CallContext, Handlers } from '../ports.ts';
import { gateAnswer } from './approval.ts';

export interface CapabilityHandlersOptions {
  store: EventStore;
  registry: AgentRegistry;
  capabilities: Capabilities;
  workspaceFor(context: CallContext, cwd: string | undefined): string;
  /** The one way to a decision; see approval.respond. */
  respond: Handlers['approval.respond'];
}

type CapabilityCommands =
  | 'capability.request'
  | 'capability.grant'
  | 'capability.deny'
  | 'capability.delegate';

export function capabilityHandlers(
  o: CapabilityHandlersOptions,
): Pick<Handlers, CapabilityCommands> {
  /** Only a request for more is granted or denied here; every other approval has its own command. */
  const answer =
    (decision: DecisionKind) =>
    async (payload: CommandPayload<'capability.grant'>, context: CallContext) => {
      if (!mayDecide(context.caller.role)) throw new HobError('approval_source_refused');
      const approval = await o.store.document(approvalsProjection, payload.approval_id);
      if (approval?.call.action !== 'capability.grant') throw new HobError('not_found');
      return o.respond({ ...payload, decision }, context);
    };
  return {
    'capability.request': async ({ reason: why, wait_ms, ...more }, context) => {
      const { principal, connection_id, closed } = context.caller;
      const { run, capability } = await o.capabilities.request(more, why, wait_ms, {
        principal,
        workspace_id: o.workspaceFor(context, undefined),
        connection_id,
        correlation_id: context.correlation_id,
        causation_id: context.causation_id,
        closed,
      });
      const { decision, reason } = gateAnswer(run);
      return { decision, reason, run_id: run.run_id, approval_id: run.approval_id, capability };
    },
    'capability.grant': answer('approve'),
    'capability.deny': answer('deny'),
    'capability.delegate': ({ name, display, ...scope }, { caller }) => {
      const { delegation } = caller.principal;
      // Without a token there is nothing to hand down.
      if (delegation === undefined) throw new HobError('capability_exceeded');
      return o.registry.add({ name, display, scope, parent: delegation }, caller.principal);
    },
  };
}
