import type { JsonObject, JsonValue } from '#schema/envelope/json.ts';
import type { ActionCall } from '#schema/views/action-call.ts';
import { shellWords } from '#host/kernel/shell-words.ts';
import { patchedPaths } from './apply-patch.ts';
import { replacedText, shortened } from './diff-text.ts';
import { asList, asObject, asText, textField } from './fields.ts';
import { absolutePath, globRoot } from './paths.ts';

/** What a tool of an agent is, in the words of the policy table. Names are exact; others are `other`. */
export type ToolKind =
  | 'command'
  | 'read'
  /** Finds files: its patterns are paths. */
  | 'find'
  /** Finds text: its pattern is not a path, its file filter is. */
  | 'grep'
  | 'write'
  | 'edit'
  | 'fetch'
  /** Touches nothing outside the agent's own head: a to-do list, a question to its user. */
  | 'inert';

export type ToolTable = ReadonlyMap<string, ToolKind>;

export interface ReadCall {
  readonly call: ActionCall;
  readonly readOnly: boolean;
  /** Nothing for the gate to decide. */
  readonly notGated?: true;
}

/** Builds the exact call, or says in a sentence why the input does not describe one. */
export function readToolCall(
  { tools, mcpTools }: { readonly tools: ToolTable; readonly mcpTools: RegExp },
  tool: string,
  input: JsonObject,
  cwd: string,
): ReadCall | string {
  const kind = tools.get(tool);
  const base = { tool, cwd, arguments: input };
  if (kind === 'command') return commandCall(tool, input, cwd);
  if (kind === 'inert')
    return { call: { ...base, action: 'agent.tool' }, readOnly: true, notGated: true };
  if (kind === 'fetch')
    return { call: { ...base, action: 'external.write', ...urlOf(input) }, readOnly: false };
  if (kind === undefined) {
    const action = mcpTools.test(tool) ? 'mcp.call' : 'agent.tool';
    return { call: { ...base, action }, readOnly: false };
  }
  const named = touchedPaths(kind, input).map((path) => absolutePath(path, cwd));
  const paths = named.length === 0 && (kind === 'find' || kind === 'grep') ? [cwd] : named;
  // A shape we do not know: still asked about, with its arguments on the card.
  if (paths.length === 0) return { call: { ...base, action: 'agent.tool' }, readOnly: false };
  if (kind === 'read' || kind === 'find' || kind === 'grep') {
    return { call: { ...base, action: 'fs.read', paths }, readOnly: true };
  }
  const diff = shortened(diffOf(input));
  const shown = diff === '' ? {} : { diff };
  return { call: { ...base, action: 'fs.write', paths, ...shown }, readOnly: false };
}

function commandCall(tool: string, input: JsonObject, cwd: string): ReadCall | string {
  const line = textField(input, 'command') ?? linesOf(asList(input['commands']));
  if (line === undefined) return `The call of ${tool} names no command.`;
  const words = shellWords(line);
  const argv = words.kind === 'simple' ? { argv: [...words.argv] } : {};
  const where = textField(input, 'workdir', 'cwd', 'dir_path', 'directory');
  const call: ActionCall = {
    action: 'command.run',
    tool,
    command_line: line,
    ...argv,
    cwd: where === undefined ? cwd : absolutePath(where, cwd),
    arguments: input,
  };
  return { call, readOnly: false };
}

/** Several commands of one call, one a line; nothing when one of them is no text. */
function linesOf(commands: readonly JsonValue[]): string | undefined {
  const lines = commands.map(asText);
  return lines.length === 0 || lines.includes(undefined) ? undefined : lines.join('\n');
}

function urlOf(input: JsonObject): { url: string } | object {
  const url = textField(input, 'url') ?? asText(asList(input['urls'])[0]) ?? firstUrl(input);
  return url === undefined ? {} : { url };
}

const firstUrl = (input: JsonObject): string | undefined =>
  asText(asObject(asList(input['requests'])[0])?.['url']);

const PATH_FIELDS = [
  'file_path',
  'filePath',
  'absolute_path',
  'notebook_path',
  'path',
  'dirPath',
  'dir_path',
  'source',
] as const;

/** Every path the input names, in any field a known tool uses: a second one must not hide behind the first. */
function touchedPaths(kind: ToolKind, input: JsonObject): string[] {
  const direct = PATH_FIELDS.flatMap((field) => asText(input[field]) ?? []);
  if (kind === 'find') return [...direct, ...patternRoots(input, 'pattern', 'query')];
  if (kind === 'grep') return [...direct, ...patternRoots(input, 'glob', 'includePattern')];
  const listed = [
    ...asList(input['files']),
    ...asList(input['paths']),
    ...asList(input['filePaths']),
  ];
  const nested = [...asList(input['edits']), ...asList(input['replacements']), ...listed].flatMap(
    (item) => {
      const object = asObject(item);
      return object === undefined
        ? []
        : PATH_FIELDS.flatMap((field) => asText(object[field]) ?? []);
    },
  );
  const patched = patchedPaths(textField(input, 'command', 'input', 'patch') ?? '');
  return [
    ...new Set([...direct, ...listed.flatMap((item) => asText(item) ?? []), ...nested, ...patched]),
  ];
}

/** Patterns that leave the folder (absolute, home or `..`) are paths too. */
function patternRoots(input: JsonObject, ...fields: readonly string[]): string[] {
  const patterns = fields.flatMap((field) => asText(input[field]) ?? []);
  return patterns
    .map(globRoot)
    .filter((root) => /^[/~]|^[A-Za-z]:[/\\]|(?:^|\/)\.\.(?:\/|$)/.test(root));
}

function diffOf(input: JsonObject): string {
  const patch = textField(input, 'command', 'input', 'patch');
  if (patch !== undefined && patchedPaths(patch).length > 0) return patch;
  const path =
    PATH_FIELDS.map((field) => asText(input[field])).find((text) => text !== undefined) ?? '';
  const pieces = [...asList(input['edits']), ...asList(input['replacements'])]
    .map(asObject)
    .filter((piece) => piece !== undefined);
  return (pieces.length === 0 ? [input] : pieces)
    .map((piece) => pieceDiff(path, piece))
    .filter((piece) => piece !== '')
    .join('\n');
}

function pieceDiff(path: string, piece: JsonObject): string {
  const own =
    PATH_FIELDS.map((field) => asText(piece[field])).find((text) => text !== undefined) ?? path;
  const before = text(
    piece['old_string'] ??
      piece['oldString'] ??
      piece['old_str'] ??
      piece['before'] ??
      piece['old_text'],
  );
  const after = text(
    piece['new_string'] ??
      piece['newString'] ??
      piece['new_str'] ??
      piece['after'] ??
      piece['new_text'] ??
      piece['content'] ??
      piece['file_text'] ??
      piece['new_source'] ??
      piece['newCode'] ??
      piece['code'],
  );
  return replacedText(own, before, after);
}

const text = (value: JsonValue | undefined): string =>
  typeof value === 'string' ? value : Array.isArray(value) ? value.map(text).join('\n') : '';

/** `['command', 'Bash …']` rows to a table. */
export const toolTable = (rows: Readonly<Partial<Record<ToolKind, string>>>): ToolTable =>
  new Map(
    Object.entries(rows).flatMap(([kind, names]) =>
      names.split(/\s+/).map((name) => [name, kind as ToolKind] as const),
    ),
  );
