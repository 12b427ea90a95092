import * as z from 'zod';
import { domainId } from '#schema/envelope/ids.ts';
import { runResult, runResultSchema, runText } from '../../core/results.ts';
import type { McpSessionContext } from '../session-context.ts';
import { reads, registerTool, type ToolHost } from '../tool.ts';
import type { RunView } from '#schema/views/run.ts';

const answer = (run: RunView) => {
  const data = runResult(run);
  // A command that ran and failed did what was asked; one that did not run is an error of the call.
  const isError =
    data.status !== 'pending' && data.status !== 'succeeded' && data.exit_code === undefined;
  return { data, text: runText(data), isError };
};

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
    output: runResultSchema,
    annotations: {
      readOnlyHint: false,
      destructiveHint: true,
      idempotentHint: false,
      openWorldHint: true,
    },
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
      return answer(await session.submit(wanted, 'host', task, call));
    },
  });

  registerTool(host, {
    name: 'get_run',
    title: 'Get a run',
    description:
      'The state and result of one of your runs. With wait_ms, answers when it has ended.',
    input: z.object({ run_id: domainId('run'), wait_ms: waitMs.optional() }),
    output: runResultSchema,
    annotations: reads,
    async run({ run_id, wait_ms }, call) {
      const { run } = await session.commands['run.get'](
        { run_id, wait_ms: Math.min(wait_ms ?? 45_000, call.waitMs) },
        session.context(),
      );
      return { ...answer(run), isError: false };
    },
  });
}
