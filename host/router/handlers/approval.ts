import { mayDecide, type Principal } from '#schema/envelope/principal.ts';
import { signedDecisionSchema, type ApprovalView } from '#schema/views/approval.ts';
import type { RunView } from '#schema/views/run.ts';
import type { CommandPayload, CommandResult } from '#schema/commands/registry.ts';
import type { HookQuestions } from '#host/agents/hook-questions.ts';
import { whileAttended } from '#host/agents/attended.ts';
import { HobError } from '#host/kernel/errors.ts';
import type { ApprovalService } from '#host/policy/approvals/service.ts';
import type { Gate } from '#host/policy/gate.ts';
import { approvalsProjection } from '#host/policy/projections.ts';
import type { EventStore } from '#host/store/ports.ts';
import type { CallContext, Handlers } from '../ports.ts';

export interface ApprovalHandlersOptions {
  store: EventStore;
  gate: Gate;
  approvals: ApprovalService;
  /** The workspace a call belongs to, by where it would run. */
  workspaceFor(context: CallContext, cwd: string | undefined): string;
  /** Joins the hooks that fire for one call. */
  questions: HookQuestions<GateReply>;
  /** Notes that an agent's hook spoke. */
  heard(principal: Principal, via: 'hook' | 'mcp'): Promise<void>;
  /** Resolves when the approval is settled, after `ms`, or on abort. */
  settled(approvalId: string, ms: number, signal: AbortSignal): Promise<ApprovalView | null>;
  /** Somebody who may answer is connected. */
  isAttended(): boolean;
  /** How long a hook waits while nobody who may answer is connected. */
  patienceMs: number;
}

type ApprovalCommands = 'approval.request' | 'approval.list' | 'approval.get' | 'approval.respond';

/** People see everything; an agent or engine sees what it asked for itself. */
export const seesAll = (principal: Principal): boolean => principal.kind !== 'agent';

export const ownOnly = (principal: Principal): { principal_id: string } | Record<string, never> =>
  seesAll(principal) ? {} : { principal_id: principal.id };

/** What a run means to somebody who asked whether they may act. */
export function gateAnswer(run: RunView): {
  decision: 'allow' | 'deny' | 'pending';
  reason_code: string;
  reason: string;
} {
  if (run.status === 'succeeded')
    return {
      decision: 'allow',
      reason_code: run.policy.decision === 'allow' ? run.policy.reason_code : 'approved',
      reason: run.policy.decision === 'allow' ? run.policy.reason : 'Approved.',
    };
  if (run.status === 'waiting_for_approval' || run.status === 'queued' || run.status === 'running')
    return {
      decision: 'pending',
      reason_code: 'waiting',
      reason: 'Waiting for an answer in the editor.',
    };
  return {
    decision: 'deny',
    reason_code: run.error?.code ?? run.status,
    reason: run.error?.message ?? `The call was ${run.status}.`,
  };
}

export type GateReply = CommandResult<'approval.request'>;

/** Puts the call before the gate and waits as long as the caller does; `gone` aborts when nobody would hear the answer. */
async function askGate(
  o: ApprovalHandlersOptions,
  payload: CommandPayload<'approval.request'>,
  context: CallContext,
  gone: AbortSignal,
): Promise<GateReply> {
  const { principal, connection_id } = context.caller;
  const run = await o.gate.submit({
    principal,
    workspace_id: o.workspaceFor(context, payload.call.cwd),
    call: payload.call,
    trigger: {
      kind: payload.via === 'hook' ? 'hook' : payload.via === 'mcp' ? 'mcp' : 'command',
      ref: null,
    },
    runner: 'agent',
    task: payload.task ?? null,
    correlation_id: context.correlation_id,
    causation_id: context.causation_id,
    dedupe_key: payload.dedupe_key ?? null,
    idempotency_key: context.idempotency_key,
    connection_id,
  });
  const { state: settled, abandoned } = await answerTo(o, payload, run, gone);
  const withdraw = (): Promise<RunView> => o.gate.cancel(run.run_id, principal, 'requester_gone');
  if (payload.cancel_on_disconnect && isWaiting(settled)) {
    if (gone.aborted) await withdraw();
    // Who stood still for a while, as machines do that sleep, sees the end of the wait before that of the
    // connection. A hook never asks again, so its question goes with it; where that fails, it expires.
    else if (payload.via === 'hook') whenGone(context.caller.closed, withdraw);
  }
  const ids = { run_id: settled.run_id, approval_id: settled.approval_id };
  if (!abandoned) return { ...gateAnswer(settled), ...ids };
  const ended = await o.gate.cancel(run.run_id, principal, 'nobody_there');
  return ended.status === 'cancelled'
    ? { ...nobodyThere, ...ids }
    : { ...gateAnswer(ended), ...ids };
}

/** A hook holds up the agent's whole turn, so it waits only while somebody could answer. */
async function answerTo(
  o: ApprovalHandlersOptions,
  { via, wait_ms }: CommandPayload<'approval.request'>,
  run: RunView,
  gone: AbortSignal,
): Promise<{ state: RunView; abandoned: boolean }> {
  if (!isWaiting(run)) return { state: run, abandoned: false };
  const wait = (ms: number): Promise<RunView> => o.gate.settled(run.run_id, ms, gone);
  if (via !== 'hook') return { state: await wait(wait_ms), abandoned: false };
  return whileAttended({
    waitMs: wait_ms,
    patienceMs: o.patienceMs,
    isAttended: () => o.isAttended(),
    wait,
    isOpen: (state) => isWaiting(state) && !gone.aborted,
  });
}

const whenGone = (closed: AbortSignal, work: () => Promise<unknown>): void =>
  closed.addEventListener('abort', () => void work().catch(() => {}), { once: true });

const isWaiting = (run: RunView): boolean => run.status === 'waiting_for_approval';

const nobodyThere = {
  decision: 'deny',
  reason_code: 'nobody_there',
  reason:
    'No editor window with Hob is open, so nobody could be asked and this call was stopped. Open the folder in the editor, then try again.',
} as const;

export function approvalHandlers(o: ApprovalHandlersOptions): Pick<Handlers, ApprovalCommands> {
  return {
    'approval.request': async (payload, context) => {
      const { principal, closed } = context.caller;
      const ask = (gone: AbortSignal): Promise<GateReply> => askGate(o, payload, context, gone);
      if (payload.via !== 'hook') return ask(closed);
      void o.heard(principal, 'hook');
      return payload.dedupe_key === undefined
        ? ask(closed)
        : o.questions.ask(payload.dedupe_key, principal.id, closed, ask);
    },

    'approval.list': async ({ status, limit }, { caller }) => {
      const where = { status, ...ownOnly(caller.principal) };
      const approvals = await o.store.documents(approvalsProjection, {
        where,
        order: 'asc',
        limit,
      });
      return { approvals, total: await o.store.count(approvalsProjection, where) };
    },

    'approval.get': async ({ approval_id, wait_ms }, { caller }) => {
      const approval = await o.settled(approval_id, wait_ms, caller.closed);
      if (
        approval === null ||
        (!seesAll(caller.principal) && approval.requester.id !== caller.principal.id)
      )
        throw new HobError('not_found');
      return { approval };
    },

    'approval.respond': async (payload, { caller }) => {
      if (!mayDecide(caller.role)) throw new HobError('approval_source_refused');
      const signed = signedDecisionSchema.safeParse(payload);
      if (!signed.success)
        throw new HobError('signature_invalid', {
          message: 'The decision is not signed; only an enrolled editor can answer.',
        });
      return { approval: await o.approvals.respond(signed.data, caller.principal) };
    },
  };
}
