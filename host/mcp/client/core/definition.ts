import { canonicalJson } from '#schema/envelope/canonical.ts';
import type { JsonObject, JsonValue } from '#schema/envelope/json.ts';
import type { ToolDefinition } from '#schema/views/server.ts';

/** What Hob takes of one server. What is beyond is left out and counted, never cut in silence. */
export const toolLimits = {
  tools: 64,
  nameLength: 90,
  definitionCharacters: 32 * 1024,
  allCharacters: 512 * 1024,
} as const;

/** Names that a call can carry; a name with other characters could look like another one. */
const NAME = /^[A-Za-z0-9_][A-Za-z0-9_./-]*$/;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Everything of a tool that tells a person or a model what it is; null when it is no tool that can be called. */
export function definitionOf(tool: unknown): ToolDefinition | null {
  if (!isObject(tool)) return null;
  const { name, title, description, inputSchema, outputSchema, annotations } = tool;
  if (typeof name !== 'string' || name.length > toolLimits.nameLength || !NAME.test(name))
    return null;
  if (!isObject(inputSchema)) return null;
  return {
    name,
    ...(typeof title === 'string' ? { title } : {}),
    ...(typeof description === 'string' ? { description } : {}),
    input_schema: inputSchema,
    ...(isObject(outputSchema) ? { output_schema: outputSchema } : {}),
    ...(isObject(annotations) ? { annotations } : {}),
  };
}

/** The text whose SHA-256 is the pin: any word that changes is another tool. */
export const pinText = (definition: ToolDefinition): string =>
  canonicalJson({ v: 1, ...(JSON.parse(JSON.stringify(definition)) as JsonObject) });

/** A definition for people, with one line for each fact, so that a diff shows what changed. */
export const readable = (definition: ToolDefinition): string =>
  `${JSON.stringify(sorted(JSON.parse(JSON.stringify(definition)) as JsonValue), null, 2)}\n`;

function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, part]) => [key, sorted(part)]));
}

/**
 * The tools of a listing that can be taken, in its order. Two of one name are both left out: nobody
 * could say which of them is called.
 */
export function admitted(tools: readonly unknown[]): {
  definitions: ToolDefinition[];
  left_out: number;
} {
  const known = tools.map(definitionOf).filter((tool) => tool !== null);
  const times = new Map<string, number>();
  for (const { name } of known) times.set(name, (times.get(name) ?? 0) + 1);
  const definitions: ToolDefinition[] = [];
  let characters = 0;
  for (const definition of known) {
    const size = pinText(definition).length;
    const fits =
      times.get(definition.name) === 1 &&
      size <= toolLimits.definitionCharacters &&
      characters + size <= toolLimits.allCharacters &&
      definitions.length < toolLimits.tools;
    if (!fits) continue;
    characters += size;
    definitions.push(definition);
  }
  return { definitions, left_out: tools.length - definitions.length };
}
