import { PLAIN_REMINDER } from '#schema/views/schedule-text.ts';
import { shellWords } from '#host/kernel/shell-words.ts';
import type { AnswerKind, Becomes } from '../intent-row.ts';
import type { SaidAction } from './reading.ts';
import { writtenText, type Word } from '../words.ts';

/** What the rest of a sentence asks for. */
export type WorkReading =
  | { readonly kind: 'work'; readonly action: SaidAction; readonly name: string }
  /** Understood, and not something that may happen by the clock. */
  | { readonly kind: 'unfit'; readonly why: 'decision' | 'not_by_the_clock' };

/** What the table makes of words without "when". */
export interface Meanings {
  /** Null when they are not understood. */
  of(words: readonly Word[]): Becomes | null;
  /** True when they are nearly one of its phrases: "run teh tests". */
  isNear(words: readonly Word[]): boolean;
}

/** Answers that only mean something to the one who is there. */
const onlyNow: ReadonlySet<AnswerKind> = new Set(['hold', 'kill_switch_off']);

const LONGEST_NAME = 128;
/** "run the tests" is an order of the table or nothing; a command begins with a program. */
const noProgram = new Set('the a an my our your this that these those all it me again'.split(' '));

/** Taken for a program although the table has something like it. */
const wellKnown = new Set(
  'npm npx pnpm yarn node bun deno git make cmake just cargo go python python3 pip pytest uv ruff java mvn gradle dotnet docker podman kubectl terraform bash sh ls cat echo touch eslint tsc jest vitest mocha curl rsync tar'.split(
    ' ',
  ),
);

/** Reminders, orders of the table, and commands that are spelled out; null for everything else. */
export function readWork(words: readonly Word[], meanings: Meanings): WorkReading | null {
  return (
    reminder(words) ?? order(withoutSay(words, meanings), meanings) ?? command(words, meanings)
  );
}

/** "remind me to stretch", "remind me about lunch", "remind me" */
function reminder(words: readonly Word[]): WorkReading | null {
  const taken = remindWords(words);
  if (taken === 0) return null;
  const rest = words.slice(taken);
  const about = rest.slice(['to', 'that', 'about', 'of'].includes(rest[0]?.norm ?? '') ? 1 : 0);
  const text = written(about);
  if (text === '' && rest.length > 0) return null;
  const message = text === '' ? PLAIN_REMINDER : text;
  return work(
    { kind: 'reminder', message: message.slice(0, 2_048) },
    text === '' ? 'Reminder' : `Reminder: ${text}`,
  );
}

/** How many words at the front say that it is a reminder; 0 for none. */
export function remindWords(words: readonly Word[]): number {
  const front = words.slice(0, 3).map(({ norm }) => norm);
  if (front[0] === 'remind' && front[1] === 'me') return 2;
  return front.join(' ') === 'set a reminder' ? 3 : 0;
}

/** "say what happened" asks what happened. */
function withoutSay(words: readonly Word[], meanings: Meanings): readonly Word[] {
  const taken =
    words[0]?.norm === 'say' ? 1 : words[0]?.norm === 'tell' && words[1]?.norm === 'me' ? 2 : 0;
  const rest = words.slice(taken);
  return taken > 0 && meanings.of(rest)?.kind === 'answer' ? rest : words;
}

function order(words: readonly Word[], meanings: Meanings): WorkReading | null {
  const becomes = meanings.of(words);
  if (becomes === null) return null;
  if (becomes.kind === 'decision_word') return { kind: 'unfit', why: 'decision' };
  if (becomes.kind === 'schedule' || (becomes.kind === 'answer' && onlyNow.has(becomes.answer)))
    return { kind: 'unfit', why: 'not_by_the_clock' };
  const text = written(words);
  return work({ kind: 'sentence', text }, text);
}

/** "run npm run lint": a program with its arguments, and nothing that only a shell would understand. */
function command(words: readonly Word[], meanings: Meanings): WorkReading | null {
  const said = words.map(({ norm }) => norm);
  const opening = [['run', 'the', 'command'], ['execute'], ['run']].find((run) =>
    run.every((word, at) => said[at] === word),
  );
  if (opening === undefined || words.length === opening.length) return null;
  const line = written(words.slice(opening.length));
  const parsed = shellWords(line);
  if (parsed.kind !== 'simple' || noProgram.has(parsed.argv[0]?.toLowerCase() ?? 'the'))
    return null;
  const program = parsed.argv[0] ?? '';
  // A slip in an order of the table is no program; whoever means one says "execute".
  const isPlainRun = opening.length === 1 && opening[0] === 'run';
  if (isPlainRun && !wellKnown.has(program) && meanings.isNear(words)) return null;
  return work({ kind: 'command', argv: [...parsed.argv] }, line);
}

/** As it was written; a comma or full stop between what and when is the sentence's. */
const written = (words: readonly Word[]): string =>
  writtenText(words)
    .replace(/(?<=[^\s,;.])[,;.]+$/, '')
    .trim();

const work = (action: SaidAction, name: string): WorkReading => ({
  kind: 'work',
  action,
  name: name.slice(0, LONGEST_NAME),
});
