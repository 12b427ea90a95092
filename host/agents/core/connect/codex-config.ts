import { parse } from 'smol-toml';
import {
  edited,
  lineEndingOf,
  refused,
  type ConfigEdit,
  type Edited,
  type HobPart,
} from './edit.ts';
import { hookCommand, mcpLaunch, type Launch } from './launch.ts';

/**
 * Codex's config.toml. Hob's part is one block at the end, so that every byte of the user's own
 * text, and the numbers under which Codex remembers trusted hooks, stay what they were. The block
 * ends in a comment on its last value, not on a line of its own: when Codex itself writes to the
 * file (it records trust there) it would move a last comment behind its own additions.
 */
export function codexConfigEdit(path: string, launch: Launch): ConfigEdit {
  const block = codexBlock(launch);
  return {
    path,
    add: (before) => addBlock(before, block),
    remove: (current) => removeBlock(current),
    gone: (current) => goneOf(current ?? '', block),
    skipped: (current) => (isTrusted(current, hookCommand(launch, 'codex')) ? null : UNTRUSTED),
  };
}

const UNTRUSTED =
  'Codex has not been told to trust the two hooks of Hob: start codex, type /hooks and trust them. Until then nothing is gated';

/** By its tables where the block is not as it was written: Codex reads those, and not the block. */
function goneOf(current: string, block: string): HobPart[] {
  if (normal(findBlock(current) ?? '') === block) return [];
  const [now, whole] = [tomlOf(current), tomlOf(block)];
  const text = (value: unknown): string => JSON.stringify(value) ?? '';
  const groups = (config: CodexConfig | null, event: string): string[] =>
    ((config?.hooks?.[event] ?? []) as HookGroups).map(text);
  const hasHooks = Object.keys(TRUST_KEYS).every((event) =>
    groups(whole, event).every((group) => groups(now, event).includes(group)),
  );
  const hasServer = text(now?.mcp_servers?.['hob']) === text(whole?.mcp_servers?.['hob']);
  return [...(hasHooks ? [] : ['hook' as const]), ...(hasServer ? [] : ['server' as const])];
}

/** Codex's names of the events in the keys under which it remembers trust. */
const TRUST_KEYS = { PreToolUse: 'pre_tool_use', PermissionRequest: 'permission_request' } as const;

interface CodexHooks {
  readonly state?: Readonly<
    Record<string, { readonly trusted_hash?: unknown; readonly enabled?: unknown }>
  >;
}
interface CodexConfig {
  readonly mcp_servers?: Readonly<Record<string, unknown>>;
  readonly hooks?: CodexHooks & Readonly<Record<string, unknown>>;
}
type HookGroups = readonly { readonly hooks?: readonly { readonly command?: unknown }[] }[];

/**
 * True when Codex remembers trust for both hooks, under `<file>:<event>:<group>:<hook>`. Whether
 * the remembered hash still fits is Codex's secret; the command changes only when Hob's data moves.
 */
function isTrusted(text: string, command: string): boolean {
  const hooks = tomlOf(text)?.hooks;
  return Object.entries(TRUST_KEYS).every(([event, key]) => {
    const groups = (hooks?.[event] ?? []) as HookGroups;
    const group = groups.findIndex((candidate) => candidate.hooks?.[0]?.command === command);
    const ending = `:${key}:${group}:0`;
    return Object.entries(hooks?.state ?? {}).some(
      ([name, { trusted_hash, enabled }]) =>
        name.endsWith(ending) && typeof trusted_hash === 'string' && enabled !== false,
    );
  });
}

const BEGIN = '# >>> Hob >>> (hob agent connect codex --undo takes this block out again)';
const END = '# <<< Hob <<<';

function codexBlock(launch: Launch): string {
  const { command, args, env = {} } = mcpLaunch(launch, 'codex');
  const pairs = Object.entries(env).map(([name, value]) => `${name} = ${tomlText(value)}`);
  const hook = hookCommand(launch, 'codex');
  const hookTable = (event: string) => [
    `[[hooks.${event}]]`,
    'matcher = ".*"',
    '',
    `[[hooks.${event}.hooks]]`,
    'type = "command"',
    `command = ${tomlText(hook)}`,
    'timeout = 600',
  ];
  const lines = [
    BEGIN,
    '[mcp_servers.hob]',
    `command = ${tomlText(command)}`,
    `args = [${args.map(tomlText).join(', ')}]`,
    ...(pairs.length === 0 ? [] : [`env = { ${pairs.join(', ')} }`]),
    // The bridge may have to start the host first.
    'startup_timeout_sec = 30',
    'tool_timeout_sec = 600',
    'default_tools_approval_mode = "approve"',
    '',
    ...hookTable('PreToolUse'),
    '',
    ...hookTable('PermissionRequest'),
  ];
  return `${lines.join('\n')} ${END}`;
}

/** A TOML basic string. JSON's escapes are TOML's, except that TOML wants DEL escaped too. */
const tomlText = (text: string): string => JSON.stringify(text).replaceAll('\u007f', '\\u007F');

const normal = (text: string): string => text.replaceAll('\r\n', '\n');

function addBlock(before: string | null, block: string): Edited {
  if (before !== null && tomlOf(before) === null) return refused('It is not valid TOML.');
  const old = before === null ? null : findBlock(before);
  const newline = lineEndingOf(before);
  const ours = block.replaceAll('\n', newline);
  const rest = before ?? '';
  const gap = rest === '' ? '' : rest.endsWith('\n') ? newline : newline + newline;
  const after = old === null ? `${rest}${gap}${ours}${newline}` : rest.replace(old, () => ours);
  const parsed = tomlOf(after);
  // Two tables of one name, or hooks written as a plain list, cannot be extended from below.
  if (parsed === null)
    return refused(
      'It already has an MCP server called "hob", or lists its hooks in a way that a block cannot extend.',
    );
  if (after.split(BEGIN).length !== 2) return refused('It has more than one block of Hob.');
  return edited(after);
}

function tomlOf(text: string): CodexConfig | null {
  try {
    return parse(text.replace(/^\ufeff/, ''));
  } catch {
    return null;
  }
}

function findBlock(text: string): string | null {
  const start = text.indexOf(BEGIN);
  const end = text.indexOf(END, start);
  return start === -1 || end === -1 ? null : text.slice(start, end + END.length);
}

/** Takes the block out with the empty line that `addBlock` put before it and its own line break. */
function removeBlock(current: string): string | null {
  const block = findBlock(current);
  if (block === null || tomlOf(block) === null) return null;
  const at = current.indexOf(block);
  const before = current.slice(0, at).replace(/(\r?\n)\r?\n$/, '$1');
  const after = current.slice(at + block.length).replace(/^\r?\n/, '');
  const text = before + after;
  return tomlOf(text) === null ? null : text;
}
