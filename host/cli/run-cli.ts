import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildLabel } from '#schema/client/build-label.ts';
import { resolveDataDir } from '#schema/client/data-dir.ts';
import { describeFailure, HostCallError } from '#schema/client/errors.ts';
import type { HostClient } from '#schema/client/host-client.ts';
import { openHost } from '#schema/client/open-host.ts';
import type { HostProgram } from '#schema/client/spawn-host.ts';
import {
  commonOptions,
  exitCodes,
  UsageError,
  type CliCommand,
  type CliContext,
} from './command.ts';
import { cliOutput, plain, table, type CliOutput } from './output.ts';
import { didYouMean, takesWords, usageText } from './usage.ts';

/** Loads a command when it is asked for. */
export type CommandTable = Readonly<Record<string, () => Promise<CliCommand>>>;

/** Codes of the host that mean "no", not "it failed". */
const refusals: ReadonlySet<string> = new Set([
  'policy_denied',
  'approval_source_refused',
  'approval_expired',
  'decider_required',
  'kill_switch_on',
  'role_refused',
  'runtime_stopped',
  'workspace_untrusted',
]);

/** Runs one command line and resolves with the exit status. Never rejects. */
export async function runCli(argv: readonly string[], commands: CommandTable): Promise<number> {
  // Before anything is understood, so that a wrong command line is answered as JSON too.
  const out = cliOutput(argv.includes('--json'));
  try {
    const at = argv.findIndex(
      (word, index) => !word.startsWith('-') && argv[index - 1] !== '--data-dir',
    );
    const name = argv[at];
    if (name === 'help' && argv[at + 1] !== undefined)
      return await runCli([...argv.toSpliced(at, 1), '--help'], commands);
    if (name === undefined && argv.some((word) => word === '--version' || word === '-V'))
      return version(out);
    if (name === undefined || name === 'help') {
      requireKnown(argv);
      return await overview(commands, out, argv);
    }
    const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (load === undefined)
      throw new UsageError(
        `There is no command "${name}".${didYouMean(name, Object.keys(commands), 'hob ')} hob --help lists them.`,
      );
    return await runCommand(await load(), argv.toSpliced(at, 1), out);
  } catch (failure) {
    return report(failure, out);
  }
}

/** Without a command only these mean something. Throws UsageError. */
function requireKnown(argv: readonly string[]): void {
  const known = Object.keys(commonOptions).map((option) => `--${option}`);
  const unknown = argv.find(
    (word) => word.startsWith('-') && !['-h', '-V', ...known].includes(word.split('=', 1)[0] ?? ''),
  );
  if (unknown !== undefined)
    throw new UsageError(
      `There is no option ${plain(unknown)}.${didYouMean(unknown, known)} hob --help lists them.`,
    );
}

async function runCommand(command: CliCommand, words: string[], out: CliOutput): Promise<number> {
  const { values, positionals } = parse(command, words);
  if (values['help'] === true) {
    out.say(helpOf(command));
    return exitCodes.done;
  }
  const [word] = positionals;
  if (word !== undefined && !takesWords(command.usage))
    throw new UsageError(
      `hob ${command.name} takes no "${plain(word)}". ${usageText(command.usage)}`,
    );
  const given = values['data-dir'];
  const dataDir = resolveDataDir(typeof given === 'string' ? given : undefined);
  const program = hostProgram();
  let client: HostClient | null = null;
  const connect = async (): Promise<HostClient> =>
    (client ??= await openHost({ dataDir, role: 'cli', principalHint: 'cli', program }));
  try {
    return await command.run({ positionals, values, dataDir, out, program, connect });
  } finally {
    await (client as HostClient | null)?.close();
  }
}

function parse(command: CliCommand, words: string[]): Pick<CliContext, 'values' | 'positionals'> {
  try {
    const parsed = parseArgs({
      args: words,
      options: { ...commonOptions, ...command.options },
      allowPositionals: true,
    });
    return { values: parsed.values, positionals: parsed.positionals };
  } catch (failure) {
    throw new UsageError(optionProblem(command, words, failure));
  }
}

/** An option that is not there is answered with the one that was meant; the rest in Node's own words. */
function optionProblem(command: CliCommand, words: readonly string[], failure: unknown): string {
  const said = failure instanceof Error ? failure.message : String(failure);
  const unknown = /^Unknown option '(-[^']*)'/.exec(said)?.[1];
  const lacking = /^Option '(?:-\w, )?(--[\w-]+)[^']*' argument (?:missing|is ambiguous)/.exec(
    said,
  )?.[1];
  if (lacking !== undefined)
    return `${lacking} takes a value that does not begin with a dash. hob ${command.name} --help says which.`;
  const verb = words.find((word) => !word.startsWith('-'));
  if (unknown === undefined)
    return `${said.replaceAll('\n', ' ')} ${usageText(command.usage, verb)}`;
  const options = Object.keys({ ...commonOptions, ...command.options }).map((name) => `--${name}`);
  return `There is no option ${plain(unknown)}.${didYouMean(unknown, options)} hob ${command.name} --help lists them.`;
}

/** The host of this very build: beside the bundle, or in the sources. */
function hostProgram(): HostProgram {
  const bundled = fileURLToPath(new URL('./host.js', import.meta.url));
  const hostScript = existsSync(bundled)
    ? bundled
    : fileURLToPath(new URL('../runtime/main.ts', import.meta.url));
  return { nodePath: process.execPath, hostScript, build: buildLabel(hostScript) };
}

async function overview(
  commands: CommandTable,
  out: CliOutput,
  argv: readonly string[],
): Promise<number> {
  const loaded = await Promise.all(Object.values(commands).map((load) => load()));
  const rows = table(loaded.map(({ name, summary }) => [`  hob ${name}`, summary]));
  const common = [
    '',
    '  --data-dir DIR   where Hob keeps its data',
    '  --json           one JSON document a line on stdout',
    '  --version        which build this is',
    '',
    'hob COMMAND --help says how one is written.',
  ];
  const exits = [
    '',
    'Exit status: 0 done, 1 error, 2 wrong command line, 3 denied, 4 waits for a person.',
  ];
  const text = [
    'Every agent asks before it acts. You answer in the editor.',
    '',
    rows,
    ...common,
    ...exits,
  ].join('\n');
  const isAsked = argv.some((word) => word === '--help' || word === '-h' || word === 'help');
  if (isAsked) out.say(text);
  else out.warn(text);
  return isAsked ? exitCodes.done : exitCodes.usage;
}

function version(out: CliOutput): number {
  const { build } = hostProgram();
  out.result({ build }, `hob ${build}`);
  return exitCodes.done;
}

const helpOf = ({ usage, summary, details = [] }: CliCommand): string =>
  [usageText(usage), '', summary, ...(details.length === 0 ? [] : ['', ...details])].join('\n');

function report(failure: unknown, out: CliOutput): number {
  const isUsage = failure instanceof UsageError;
  const error = isUsage
    ? { code: 'usage', message: failure.message, retryable: false }
    : describeFailure(failure);
  if (out.json) out.result({ error }, '');
  out.warn(`hob: ${error.message}${isUsage ? '' : ` (${error.code})`}`);
  if (isUsage) return exitCodes.usage;
  return failure instanceof HostCallError && refusals.has(failure.code)
    ? exitCodes.denied
    : exitCodes.error;
}
