import {
  applyEdits,
  modify,
  parse,
  parseTree,
  type FormattingOptions,
  type JSONPath,
  type ParseError,
} from 'jsonc-parser';
import type { JsonObject, JsonValue } from '#schema/envelope/json.ts';
import { asList, asObject, asText } from '../fields.ts';
import type { HookedAgent } from '../hook-request.ts';
import { edited, lineEndingOf, refused, type ConfigEdit } from './edit.ts';
import { isHookCommand } from './launch.ts';

/** Hob's entry among the MCP servers of a JSON file that belongs to somebody else; formatting and order stay. */
export function serverEntryEdit(path: string, value: JsonObject): ConfigEdit {
  const at = ['mcpServers', 'hob'];
  return {
    path,
    add(before) {
      const body = readJson(before);
      if (body === null) return refused('It is not a JSON object.');
      const found = valueAt(body, at);
      if (found !== undefined && !isOurServer(asObject(found) ?? {}))
        return refused(`It already has another "${at.join('.')}".`);
      return edited(setAt(before, at, value));
    },
    remove(current) {
      const body = readJson(current) ?? {};
      const found = asObject(valueAt(body, at));
      return found !== undefined && isOurServer(found)
        ? removeAt(current, emptiedBy(body, at))
        : null;
    },
    gone: (current) => (sameJson(valueAt(readJson(current) ?? {}, at), value) ? [] : ['server']),
  };
}

export interface HookEntry {
  readonly event: string;
  readonly agent: HookedAgent;
  readonly entry: JsonObject;
  /** Where an entry has its command: in a list of its own (Claude's format), or beside the rest under this name. */
  readonly commandIn: 'hooks' | 'command' | 'bash';
  /** What the file must say at its top besides, where it does not yet. */
  readonly top?: JsonObject;
}

/** One entry of `hooks.EVENT` in a settings file. */
export function hookEntryEdit(path: string, hook: HookEntry): ConfigEdit {
  const { event, entry, top = {} } = hook;
  const list = (body: JsonObject) => asList(asObject(body['hooks'])?.[event]);
  const indexes = (body: JsonObject) =>
    list(body).flatMap((item, index) => (isOurs(item, hook) ? [index] : []));
  return {
    path,
    add(before) {
      const body = readJson(before);
      if (body === null) return refused('It is not a JSON object.');
      const wrong = notAList(body, event);
      if (wrong !== null) return refused(wrong);
      const missing = Object.entries(top).filter(([name]) => !Object.hasOwn(body, name));
      let text = before;
      for (const [name, value] of missing) text = setAt(text, [name], value);
      const [own] = indexes(body);
      return edited(
        setAt(text, ['hooks', event, own ?? list(body).length], entry, own === undefined),
      );
    },
    remove(current) {
      const body = readJson(current);
      const [own, ...more] = body === null ? [] : indexes(body);
      if (body === null || own === undefined || more.length > 0) return null;
      if (list(body).length > 1) return removeAt(current, ['hooks', event, own]);
      const events = Object.keys(asObject(body['hooks']) ?? {});
      return removeAt(current, events.length > 1 ? ['hooks', event] : ['hooks']);
    },
    gone: (current) =>
      list(readJson(current) ?? {}).some((item) => sameJson(item, entry)) ? [] : ['hook'],
    skipped: (current) => switchedOff(readJson(current) ?? {}),
  };
}

function notAList(body: JsonObject, event: string): string | null {
  const hooks = body['hooks'];
  if (hooks !== undefined && asObject(hooks) === undefined) return 'Its "hooks" is not an object.';
  const there = asObject(hooks)?.[event];
  return there === undefined || Array.isArray(there) ? null : `Its "hooks.${event}" is not a list.`;
}

/** Switches of Claude Code and Copilot (`disableAllHooks`) and of Gemini CLI (`hooksConfig`). */
function switchedOff(body: JsonObject): string | null {
  if (body['disableAllHooks'] === true)
    return 'its settings say "disableAllHooks": nothing is gated';
  const config = asObject(body['hooksConfig']) ?? {};
  if (config['enabled'] === false || asList(config['disabled']).includes(HOOK_NAME))
    return 'its settings switch hooks off (hooksConfig): nothing is gated';
  return null;
}

/** What Hob's hook is called where hooks have names. */
export const HOOK_NAME = 'hob';

/** A file that is Hob's alone, at a place where others may have put one of their own. */
export function ownScriptEdit(path: string, text: string, mark: string): ConfigEdit {
  return {
    path,
    mode: 0o700,
    add: (before) =>
      before === null || before.includes(mark)
        ? edited(text)
        : refused('There is another hook already, and only one can be there.'),
    remove: () => null,
    gone: (current) => (current === text ? [] : ['hook']),
  };
}

/** A file that is Hob's alone. */
export function ownFileEdit(path: string, value: JsonObject): ConfigEdit {
  const text = `${JSON.stringify(value, null, 2)}\n`;
  return {
    path,
    add: () => edited(text),
    remove: () => null,
    gone: (current) => (sameJson(readJson(current) ?? undefined, value) ? [] : ['hook']),
  };
}

/** True for an entry whose only command is Hob's hook of this agent. */
function isOurs(item: JsonValue, { agent, commandIn }: HookEntry): boolean {
  const hooks = commandIn === 'hooks' ? asList(asObject(item)?.['hooks']) : [item];
  const command = asText(asObject(hooks[0])?.[commandIn === 'bash' ? 'bash' : 'command']);
  return hooks.length === 1 && command !== undefined && isHookCommand(command, agent);
}

/** True for an entry of `mcpServers` that starts Hob. */
function isOurServer({ args }: JsonObject): boolean {
  const words = asList(args).map((item) => asText(item) ?? '');
  return words.includes('--as') && words.some((word) => /(?:^|[\\/])mcp$/.test(word));
}

/** An empty or missing file counts as `{}`; comments and trailing commas are tolerated, other errors are not. */
function readJson(text: string | null): JsonObject | null {
  if (text === null || text.trim() === '') return {};
  const errors: ParseError[] = [];
  const value = parse(stripBom(text), errors, { allowTrailingComma: true }) as JsonValue;
  return errors.length === 0 ? (asObject(value) ?? null) : null;
}

const stripBom = (text: string): string => text.replace(/^\ufeff/, '');

function valueAt(body: JsonObject, path: readonly string[]): JsonValue | undefined {
  let value: JsonValue | undefined = body;
  for (const key of path) value = asObject(value)?.[key];
  return value;
}

/** The outermost object that would be left empty: Hob made it, or nobody misses it. */
function emptiedBy(body: JsonObject, path: readonly string[]): string[] {
  let end = path.length;
  while (end > 1 && Object.keys(asObject(valueAt(body, path.slice(0, end - 1))) ?? {}).length === 1)
    end -= 1;
  return path.slice(0, end);
}

function setAt(before: string | null, path: JSONPath, value: JsonValue, insert = false): string {
  const text = before === null || before.trim() === '' ? '{}' : before;
  const bom = text.startsWith('\ufeff') ? '\ufeff' : '';
  const body = stripBom(text);
  const formattingOptions = formatOf(body);
  const changed = applyEdits(
    body,
    modify(body, path, value, { formattingOptions, isArrayInsertion: insert }),
  );
  const isNew = before === null || before.trim() === '';
  return bom + (isNew ? changed + (formattingOptions.eol ?? '\n') : changed);
}

function removeAt(current: string, path: JSONPath): string {
  const bom = current.startsWith('\ufeff') ? '\ufeff' : '';
  const body = stripBom(current);
  return (
    bom + applyEdits(body, modify(body, path, undefined, { formattingOptions: formatOf(body) }))
  );
}

/** Indentation as the file has it: the first property's column. */
function formatOf(text: string): FormattingOptions {
  const first = parseTree(text)?.children?.[0]?.offset ?? 0;
  const indent = /[ \t]*$/.exec(text.slice(0, first))?.[0] ?? '';
  const insertSpaces = !indent.startsWith('\t');
  return { insertSpaces, tabSize: insertSpaces ? indent.length || 2 : 1, eol: lineEndingOf(text) };
}

/** Equal as JSON, whatever the order of keys. */
function sameJson(left: JsonValue | undefined, right: JsonValue | undefined): boolean {
  return JSON.stringify(sorted(left)) === JSON.stringify(sorted(right));
}

function sorted(value: JsonValue | undefined): JsonValue | undefined {
  if (Array.isArray(value)) return value.map((item) => sorted(item) as JsonValue);
  const object = asObject(value);
  if (object === undefined) return value;
  const keys = Object.keys(object).toSorted((a, b) => (a < b ? -1 : 1));
  return Object.fromEntries(keys.map((key) => [key, sorted(object[key]) as JsonValue]));
}
