import { execFile } from 'node:child_process';
import { homedir } from 'node:os';
import { promisify } from 'node:util';
import { exitCodes, UsageError, type CliCommand, type CliContext } from '../command.ts';
import { ServiceFiles } from '../service/service-files.ts';
import { servicePlan, type ServicePlan } from '../service/service-plan.ts';
import { usageText } from '../usage.ts';

const run = promisify(execFile);
const USAGE = 'service install | remove | status [--no-start]';

export const serviceCommand: CliCommand = {
  name: 'service',
  usage: USAGE,
  summary: 'Starts the host with your session, so that tasks run with no window open.',
  details: [
    'install   a systemd user unit, a launchd agent or a Windows task; what is written is shown.',
    'remove    puts back, byte for byte, what was there before.',
    '--no-start  only write or take away the file; the commands to run are shown.',
    'An installed host stays, and follows another host that runs already.',
  ],
  options: { 'no-start': { type: 'boolean' } },
  async run(context) {
    const [verb, ...more] = context.positionals;
    const files = new ServiceFiles(context.dataDir);
    if (more.length === 0 && verb === 'install') return install(context, files);
    if (more.length === 0 && verb === 'remove') return remove(context, files);
    if (more.length === 0 && verb === 'status') return status(context, files);
    throw new UsageError(usageText(USAGE, verb));
  },
};

function planOf({ program, dataDir, out }: CliContext): ServicePlan | null {
  const isElectron = process.versions['electron'] !== undefined;
  const plan = servicePlan(
    {
      node: program.nodePath,
      hostScript: program.hostScript,
      dataDir,
      env: isElectron ? { ELECTRON_RUN_AS_NODE: '1' } : {},
    },
    {
      platform: process.platform,
      home: homedir(),
      env: process.env,
      uid: process.getuid?.() ?? 0,
    },
  );
  if (plan === null) out.warn(`Hob knows no way to start with the session on ${process.platform}.`);
  return plan;
}

async function install(context: CliContext, files: ServiceFiles): Promise<number> {
  const { out, values } = context;
  const plan = planOf(context);
  if (plan === null) return exitCodes.error;
  if (files.state().state !== 'not_installed') {
    out.warn('It is installed already; hob service remove takes it away.');
    return exitCodes.error;
  }
  files.install(plan);
  const shown = [`Wrote ${plan.file}:`, '', plan.text];
  if (values['no-start'] === true) {
    out.result(
      { installed: true, started: false, file: plan.file },
      [...shown, ...next(plan.start)].join('\n'),
    );
    return exitCodes.done;
  }
  const failure = await runAll(plan.start);
  if (failure !== null) {
    await runAll(plan.stop);
    files.remove();
    out.result({ installed: false, error: failure }, '');
    out.warn(`${failure}\nNothing was left behind. With --no-start only the file is written.`);
    return exitCodes.error;
  }
  out.result({ installed: true, started: true, file: plan.file }, shown.join('\n'));
  return exitCodes.done;
}

async function remove(context: CliContext, files: ServiceFiles): Promise<number> {
  const { out, values } = context;
  const now = files.state();
  if (now.state === 'not_installed') {
    out.result({ installed: false }, 'It is not installed.');
    return exitCodes.done;
  }
  if (now.state === 'changed') {
    out.warn(
      `${now.file} was changed since Hob wrote it, so it is left alone. Put it back or delete it, then try again.`,
    );
    return exitCodes.error;
  }
  const plan = planOf(context);
  const failure = values['no-start'] === true || plan === null ? null : await runAll(plan.stop);
  if (failure !== null) out.warn(failure);
  files.remove();
  out.result({ installed: false, file: now.file }, `${now.file} is as it was before.`);
  return exitCodes.done;
}

function status({ out }: CliContext, files: ServiceFiles): number {
  const now = files.state();
  const text = {
    not_installed: 'Not installed: the host runs while a window or a task of yours needs it.',
    installed: `Installed: ${'file' in now ? now.file : ''}`,
    changed: `Installed, and changed since by somebody: ${'file' in now ? now.file : ''}`,
  }[now.state];
  out.result(now, text);
  return exitCodes.done;
}

const next = (commands: readonly string[][]): string[] => [
  'Then run:',
  ...commands.map((command) => `  ${command.join(' ')}`),
];

/** The first failure in words, or null. */
async function runAll(commands: readonly string[][]): Promise<string | null> {
  for (const [program = '', ...args] of commands) {
    try {
      await run(program, args, { timeout: 30_000 });
    } catch (failure) {
      const said = (failure as { stderr?: string }).stderr?.trim() ?? '';
      return `${[program, ...args].join(' ')} failed: ${said === '' ? String(failure) : said}`;
    }
  }
  return null;
}
