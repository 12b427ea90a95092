import type { HookedAgent } from '../hook-request.ts';

/** How an agent starts Hob. Absolute paths: an agent's PATH is not ours. */
export interface Launch {
  /** Node's executable. */
  readonly node: string;
  /** What follows it for a hook, before the agent's name: `[…/dist/hob.js, 'hook']`. */
  readonly hook: readonly string[];
  /** What follows it for the MCP bridge, before `--as NAME`: `[…/dist/hob.js, 'mcp']`. */
  readonly mcp: readonly string[];
  /** `--data-dir DIR`, or nothing for the default one. */
  readonly options: readonly string[];
  /** What the executable needs to be Node: `ELECTRON_RUN_AS_NODE` in desktop VS Code. */
  readonly env?: Readonly<Record<string, string>>;
  readonly windows: boolean;
}

/** Also how Hob finds its own hook in a file again. */
const MARK = 'hob-hook';

/**
 * Any end of the hook but success becomes exit 2 with words on stderr, which every agent takes for
 * a deny: a missing Node, a crash, a kill. Only a missing /bin/sh is out of reach. Single quotes
 * around each part mean the same to sh, bash, zsh and fish.
 */
const GUARD =
  '"$@"; c=$?; [ $c -eq 0 ] && exit 0; [ $c -eq 2 ] || echo "Hob could not answer (exit $c), so this call was stopped." >&2; exit 2';

/** The shell command that an agent's configuration names as its hook. */
export function hookCommand(launch: Launch, agent: HookedAgent): string {
  const settings = Object.entries(launch.env ?? {}).map(([name, value]) => `${name}=${value}`);
  const env = settings.length === 0 || launch.windows ? [] : ['/usr/bin/env', ...settings];
  const argv = [...env, launch.node, ...launch.hook, agent, ...launch.options];
  if (launch.windows) return argv.map((part) => `"${part.replaceAll('"', '\\"')}"`).join(' ');
  return ['/bin/sh', '-c', GUARD, MARK, ...argv].map(shellQuoted).join(' ');
}

/**
 * A hook that is a file of its own, for an agent that takes no exit status for a deny: unless Hob
 * answered, `refusal` is printed as JSON. `mark` is how Hob finds it again.
 */
export function hookScript(
  launch: Launch,
  agent: HookedAgent,
  mark: string,
  refusal: object,
): string {
  const settings = Object.entries(launch.env ?? {}).map(([name, value]) => `${name}=${value}`);
  const env = settings.length === 0 ? [] : ['/usr/bin/env', ...settings];
  const argv = [...env, launch.node, ...launch.hook, agent, ...launch.options];
  return `#!/bin/sh
# ${mark}: asks Hob before a tool runs. Written by Hob; hob agent connect ${agent} --undo removes it.
answer=$(${argv.map(shellQuoted).join(' ')}) && [ -n "$answer" ] && printf '%s\\n' "$answer" && exit 0
printf '%s\\n' ${shellQuoted(JSON.stringify(refusal))}
`;
}

/** One word of a shell line, the same to sh, bash, zsh and fish. */
export const shellQuoted = (part: string): string =>
  /^[A-Za-z0-9_./:=@%+,-]+$/.test(part) ? part : `'${part.replaceAll("'", `'\\''`)}'`;

/** Hob's own hook of `agent`, wherever Hob was installed when it was written. */
export const isHookCommand = (command: string, agent: HookedAgent): boolean =>
  (command.includes(MARK) || /hob(?:\.js)?\b|hook\.js/.test(command)) &&
  new RegExp(`(?:^|[\\s'"])${agent}(?:$|[\\s'"])`).test(command);

/** How the agent starts Hob's MCP server. */
export const mcpLaunch = (
  launch: Launch,
  agent: string,
): { command: string; args: string[]; env?: Record<string, string> } => ({
  command: launch.node,
  args: [...launch.mcp, '--as', agent, ...launch.options],
  ...(launch.env === undefined ? {} : { env: { ...launch.env } }),
});
