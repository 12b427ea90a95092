import { HobError } from '#host/kernel/errors.ts';
import { pieceOf } from '#host/kernel/pieces.ts';
import type { Principal } from '#schema/envelope/principal.ts';
import type { Gate } from '#host/policy/gate.ts';
import type { RunView } from '#schema/views/run.ts';
import { artifactsProjection, runsProjection } from '#host/runs/projections.ts';
import type { Artifacts } from '#host/runs/runners/command/ports.ts';
import type { EditorWindows, WindowConnection } from '#host/runs/editors/windows.ts';
import type { EditorRunner } from '#host/runs/runners/editor/editor-runner.ts';
import type { EventStore } from '#host/store/ports.ts';
import type { Handlers } from '../ports.ts';
import { ownOnly, seesAll } from './approval.ts';

export interface RunHandlersOptions {
  store: EventStore;
  gate: Gate;
  windows: EditorWindows;
  editorRunner: EditorRunner;
  artifacts: Pick<Artifacts, 'read'>;
  /** The connection behind a caller, for sending it tool calls. */
  connection(id: string): WindowConnection | null;
}

type RunCommands =
  | 'run.list'
  | 'run.get'
  | 'run.cancel'
  | 'artifact.get'
  | 'client.context_set'
  | 'toolcall.succeed'
  | 'toolcall.fail';

export function runHandlers(o: RunHandlersOptions): Pick<Handlers, RunCommands> {
  const mayRead = (run: RunView, principal: Principal): RunView => {
    if (!seesAll(principal) && run.principal.id !== principal.id) throw new HobError('not_found');
    return run;
  };
  return {
    'run.list': async ({ status, principal_ids, limit, before_run_id }, { caller }) => ({
      runs: await o.store.documents(runsProjection, {
        where: {
          ...(principal_ids === undefined ? {} : { principal_id: principal_ids }),
          ...ownOnly(caller.principal),
          ...(status === undefined ? {} : { status }),
        },
        order: 'desc',
        limit,
        ...(before_run_id === undefined ? {} : { after_key: before_run_id }),
      }),
    }),

    'run.get': async ({ run_id, wait_ms }, { caller }) => {
      const run = await o.store.document(runsProjection, run_id);
      if (run === null) throw new HobError('not_found');
      mayRead(run, caller.principal);
      return { run: await o.gate.settled(run_id, wait_ms, caller.closed) };
    },

    'run.cancel': async ({ run_id, reason }, { caller }) => {
      const run = await o.store.document(runsProjection, run_id);
      if (run === null) throw new HobError('not_found');
      mayRead(run, caller.principal);
      return { run: await o.gate.cancel(run_id, caller.principal, reason) };
    },

    'artifact.get': async ({ artifact_id, from, limit }, { caller }) => {
      const artifact = await o.store.document(artifactsProjection, artifact_id);
      const run =
        artifact === null ? null : await o.store.document(runsProjection, artifact.run_id);
      if (artifact === null || run === null) throw new HobError('not_found');
      const { run_id, name, bytes, sha256 } = artifact;
      mayRead(run, caller.principal);
      const found = await o.artifacts.read(sha256, from, limit);
      if (found === null)
        throw new HobError('not_found', { message: 'What it held is not kept any more.' });
      const piece = pieceOf(found, { from, total: bytes }, (some) => Buffer.from(some).toString());
      return { artifact_id, run_id, name, bytes, ...piece };
    },

    'client.context_set': (payload, context) => {
      const connection = o.connection(context.caller.connection_id);
      if (connection === null || context.caller.role !== 'extension')
        throw new HobError('role_refused', {
          message: 'Only the extension of a window can speak for it.',
        });
      o.windows.set(connection, context.workspace_id, payload);
      return Promise.resolve({ windows: o.windows.all.length });
    },

    'toolcall.succeed': ({ tool_call_id, token, result }, { caller }) => {
      o.editorRunner.report(tool_call_id, caller.connection_id, token, { ok: true, result });
      return Promise.resolve({});
    },

    'toolcall.fail': ({ tool_call_id, token, error }, { caller }) => {
      o.editorRunner.report(tool_call_id, caller.connection_id, token, {
        ok: false,
        error,
        result: null,
      });
      return Promise.resolve({});
    },
  };
}
