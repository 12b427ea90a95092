import * as z from 'zod';
import { domainId } from '#schema/envelope/ids.ts';
import type { RunView } from '#schema/views/run.ts';
import { HobError } from '#host/kernel/errors.ts';
import { pieceOf } from '#host/kernel/pieces.ts';
import { runAnswer, type ToolAnswer } from '../../core/answers.ts';
import {
  commandResultSchema,
  longParts,
  pieceResult,
  runResultSchema,
  wholeOf,
} from '../../core/results.ts';
import type { LongPart } from '../../core/results.ts';
import { taskOfRun } from '../../core/tasks.ts';
import type { McpSessionContext } from '../session-context.ts';
import { reads, registerTool, type ToolHost } from '../tool.ts';
import { endedRunStatuses } from '#schema/views/run.ts';

const waitMs = z.number().int().min(0).max(45_000);

export function runTools(host: ToolHost, session: McpSessionContext): void {
  registerTool(host, {
    name: 'run_command',
    title: 'Run a command',
    description:
      'Runs a program in the workspace through the gate: without a shell, so argv is the program and its arguments. It may have to wait for a person; then the status is "pending" with a run_id for get_run. It runs once, also when you stop waiting.',
    input: z.object({
      argv: z
        .array(z.string().max(131_072))
        .min(1)
        .max(4_096)
        .describe('Program and arguments, e.g. ["npm","test"]. No shell syntax.'),
      cwd: z
        .string()
        .max(4_096)
        .optional()
        .describe('Folder inside the workspace; default: yours, else the first of the workspace'),
      task: z
        .string()
        .max(512)
        .optional()
        .describe('What you are doing, in your own words; shown to the person'),
      env_names: z
        .array(z.string().max(256))
        .max(64)
        .optional()
        .describe('Names of environment variables that the program needs beyond the usual ones'),
    }),
    output: commandResultSchema,
    annotations: {
      readOnlyHint: false,
      destructiveHint: true,
      idempotentHint: false,
      openWorldHint: true,
    },
    mayBeTask: true,
    async run({ argv, cwd, task, env_names }, call) {
      const folder = session.folderFor(cwd);
      const wanted = {
        action: 'command.run',
        tool: 'command.run',
        argv,
        arguments: { argv },
        ...(folder === undefined ? {} : { cwd: folder }),
        ...(env_names === undefined ? {} : { env_names }),
      } as const;
      const run = await session.submit(wanted, 'host', task, call);
      return session.goesOn(run, call) ? { task: taskOfRun(run) } : runAnswer(run);
    },
  });

  registerTool(host, {
    name: 'get_run',
    title: 'Get a run',
    description:
      'The state and result of one of your runs. With wait_ms, answers when it has ended.',
    input: z.object({
      run_id: domainId('run'),
      wait_ms: waitMs.optional(),
      read: z.enum(longParts).optional().describe('Reads what was cut, in pieces'),
      from: z.number().int().min(0).optional().describe('next_from of the last piece'),
    }),
    output: runResultSchema,
    annotations: reads,
    async run({ run_id, wait_ms, read, from }, call) {
      const { run } = await session.commands['run.get']({ run_id, wait_ms: 0 }, session.context());
      if (read !== undefined) return pieceAnswer(session, run, read, from ?? 0);
      const wait = Math.min(wait_ms ?? 45_000, call.waitMs);
      const latest = endedRunStatuses.includes(run.status)
        ? run
        : await session.settled(run, wait, call);
      return { ...runAnswer(latest), isError: false };
    },
  });

  registerTool(host, {
    name: 'cancel_run',
    title: 'Cancel a run',
    description: 'Ends one of your runs: withdraws its question, or stops its program.',
    input: z.object({ run_id: domainId('run') }),
    output: z.object({ status: z.string(), run_id: z.string() }),
    annotations: {
      readOnlyHint: false,
      destructiveHint: true,
      idempotentHint: true,
      openWorldHint: false,
    },
    async run({ run_id }) {
      const reason = 'cancelled by its agent';
      const { run } = await session.commands['run.cancel']({ run_id, reason }, session.context());
      return { data: { status: run.status, run_id } };
    },
  });
}

/** At once, to an agent: its model reads every byte. */
const PIECE_BYTES = 48 * 1024;

/** A piece of what a run wrote or was answered, from where all of it lies. */
async function pieceAnswer(
  session: McpSessionContext,
  run: RunView,
  part: LongPart,
  from: number,
): Promise<ToolAnswer> {
  const whole = wholeOf(run, part);
  if (whole === null) throw new HobError('not_found', { message: `It has no ${part}.` });
  const piece =
    'text' in whole
      ? pieceOfText(whole.text, from)
      : await session.commands['artifact.get'](
          { artifact_id: whole.artifact_id, from, limit: PIECE_BYTES },
          session.context(),
        );
  const data = pieceResult(run, piece);
  const more = piece.next_from === null ? 'the end' : `next_from ${piece.next_from}`;
  return { data, text: `${piece.text}\n--- ${more}` };
}

function pieceOfText(text: string, from: number) {
  const bytes = Buffer.from(text);
  const at = { from, total: bytes.length };
  return pieceOf(bytes.subarray(from, from + PIECE_BYTES), at, (some) =>
    Buffer.from(some).toString(),
  );
}
