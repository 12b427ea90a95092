import type { FoundTool } from '#schema/views/server.ts';
import { visibleText } from '#schema/views/visible-text.ts';
import { isUsable, type ServerRecord } from './server-record.ts';

/** Of a description, in a list; the whole one is in server.tools. */
const DESCRIPTION_CHARACTERS = 600;

const wordsOf = (text: string): string[] =>
  text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');

interface Candidate {
  found: FoundTool;
  name: string[];
  rest: string[];
}

/** Usable tools that have a word of the query, those first that have it in their name; all for an empty query. */
export function searchTools(servers: readonly ServerRecord[], query: string): FoundTool[] {
  const wanted = wordsOf(query);
  const candidates = servers.flatMap(candidatesOf);
  if (wanted.length === 0) return candidates.map(({ found }) => found);
  return candidates
    .map((candidate) => ({ found: candidate.found, score: scoreOf(candidate, wanted) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score)
    .map(({ found }) => found);
}

const candidatesOf = (server: ServerRecord): Candidate[] =>
  Object.values(server.tools ?? {}).flatMap((tool) => {
    if (!isUsable(tool)) return [];
    const { name, title, description = '', input_schema } = tool.pinned.definition;
    const shown = visibleText(description);
    const found: FoundTool = {
      server: server.name,
      tool: name,
      title: title === undefined ? null : visibleText(title).slice(0, 128),
      description:
        shown.length > DESCRIPTION_CHARACTERS
          ? `${shown.slice(0, DESCRIPTION_CHARACTERS)}…`
          : shown,
      input_schema,
    };
    return [
      {
        found,
        name: wordsOf(`${server.name} ${name} ${title ?? ''}`),
        rest: wordsOf(description),
      },
    ];
  });

function scoreOf({ name, rest }: Candidate, wanted: readonly string[]): number {
  const matches = (words: readonly string[], word: string): number =>
    words.includes(word) ? 2 : words.some((other) => other.startsWith(word)) ? 1 : 0;
  return wanted.reduce((sum, word) => sum + matches(name, word) * 3 + matches(rest, word), 0);
}
