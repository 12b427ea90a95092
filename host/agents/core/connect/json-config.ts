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
import { edited, lineEndingOf, refused, type ConfigEdit, type Edited } from './edit.ts';
import { isHookCommand } from './launch.ts';

/** One value at a path of a JSON file that belongs to somebody else; formatting and order stay. */
export function jsonValueEdit(
  path: string,
  at: readonly string[],
  value: JsonObject,
  mine: (found: JsonObject) => boolean,
): ConfigEdit {
  return {
    path,
    add(before) {
      const body = readJson(before);
      if (body === null) return refused('It is not a JSON object.');
      const found = valueAt(body, at);
      if (found !== undefined && !mine(asObject(found) ?? {}))
        return refused(`It already has another "${at.join('.')}".`);
      return setAt(before, [...at], value);
    },
    remove(current) {
      const body = readJson(current) ?? {};
      const found = asObject(valueAt(body, at));
      return found !== undefined && mine(found) ? removeAt(current, emptiedBy(body, at)) : null;
    },
    present: (current) => sameJson(valueAt(readJson(current) ?? {}, at), value),
  };
}

/** One entry of `hooks.EVENT` in a settings file in Claude's format. */
export function hookEntryEdit(
  path: string,
  event: string,
  agent: HookedAgent,
  entry: JsonObject,
): ConfigEdit {
  const list = (body: JsonObject) => asList(asObject(body['hooks'])?.[event]);
  const indexes = (body: JsonObject) =>
    list(body).flatMap((item, index) => (isOurs(item, agent) ? [index] : []));
  return {
    path,
    add(before) {
      const body = readJson(before);
      if (body === null) return refused('It is not a JSON object.');
      const hooks = body['hooks'];
      if (hooks !== undefined && asObject(hooks) === undefined)
        return refused('Its "hooks" is not an object.');
      const there = asObject(hooks)?.[event];
      if (there !== undefined && !Array.isArray(there))
        return refused(`Its "hooks.${event}" is not a list.`);
      const [own] = indexes(body);
      return setAt(before, ['hooks', event, own ?? list(body).length], entry, own === undefined);
    },
    remove(current) {
      const body = readJson(current);
      const [own, ...more] = body === null ? [] : indexes(body);
      if (body === null || own === undefined || more.length > 0) return null;
      if (list(body).length > 1) return removeAt(current, ['hooks', event, own]);
      const events = Object.keys(asObject(body['hooks']) ?? {});
      return removeAt(current, events.length > 1 ? ['hooks', event] : ['hooks']);
    },
    present: (current) => list(readJson(current) ?? {}).some((item) => sameJson(item, entry)),
    skipped: (current) =>
      readJson(current)?.['disableAllHooks'] === true
        ? 'its settings say "disableAllHooks": nothing is gated'
        : null,
  };
}

/** A file that is Hob's alone. */
export function ownFileEdit(path: string, value: JsonObject): ConfigEdit {
  const text = `${JSON.stringify(value, null, 2)}\n`;
  return {
    path,
    add: () => edited(text),
    remove: () => null,
    present: (current) => sameJson(readJson(current) ?? undefined, value),
  };
}

/** True for a matcher group whose only command is Hob's hook of this agent. */
function isOurs(item: JsonValue, agent: HookedAgent): boolean {
  const hooks = asList(asObject(item)?.['hooks']);
  const command = asText(asObject(hooks[0])?.['command']);
  return hooks.length === 1 && command !== undefined && isHookCommand(command, agent);
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

function setAt(before: string | null, path: JSONPath, value: JsonObject, insert = false): Edited {
  const text = before === null || before.trim() === '' ? '{}' : before;
  const bom = text.startsWith('\ufeff') ? '\ufeff' : '';
  const body = stripBom(text);
  const formattingOptions = formatOf(body);
  const changed = applyEdits(
    body,
    modify(body, path, value, { formattingOptions, isArrayInsertion: insert }),
  );
  return edited(
    bom +
      (before === null || before.trim() === ''
        ? changed + (formattingOptions.eol ?? '\n')
        : changed),
  );
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
