// node scripts/speech-training/texts.ts WORK: sentences for a voice to read, with how the model may write them, in its
// pieces: orders of the intent table, made-up titles of commands, and parts of what fortune(6) says. Sentences of the speech
// sets are none of them. → WORK/texts.json
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import tokenizer from 'llama-tokenizer-js';
import { intentTable } from '#host/intents/core/table.ts';
import { inWords } from '#host/voice/recognition/core/number-words.ts';
import { RESERVED } from '../lib/speech-model.mjs';
import { speechSet } from '../../test/bench/lib/speech/speech-set.ts';
import { seededRandom } from '../../test/bench/lib/speech/random.ts';

interface Sentence {
  /** As it is read: words only. */
  say: string;
  /** As it is written: numbers in digits at times. */
  write: string;
  kind: 'order' | 'title' | 'number' | 'other';
}

const COUNTS = { order: 900, title: 1_400, number: 160, other: 2_900 };
const FORTUNES = '/usr/share/games/fortunes';

const [, , work] = process.argv;
if (work === undefined) throw new Error('name a folder for what is made');
const random = seededRandom(20261127);
const below = (count: number): number => Math.floor(random() * count);
const oneOf = <T>(some: readonly T[]): T => some[below(some.length)] as T;

/** "and" is said at times. */
const spoken = (number: number): string =>
  inWords(number).replace(/hundred (?=\w)/g, () => oneOf(['hundred ', 'hundred and ']));
const anyNumber = (): number =>
  oneOf([
    () => 1 + below(20),
    () => below(100),
    () => 100 + below(900),
    () => 1_000 + below(4_000),
  ])();

const names =
  'nightly backup|integration tests|lint fix|release build|database migration|weekly report|docs site|coverage|end to end tests|clean cache|update dependencies|format all|smoke tests|compile|bundle|start server|stop server|sync fork|rotate logs'.split(
    '|',
  );
const searched =
  'error|user name|config|handler|parse|import|connection|timeout|token|customer|invoice|render|button|promise|cache'.split(
    '|',
  );
const categories =
  'git|view|debug|developer|terminal|notebook|search|preferences|file|tasks|test|markdown|python|docker|help|editor|'.split(
    '|',
  );
const verbs =
  'open|close|show|hide|toggle|run|stop|start|restart|select|delete|copy|move|rename|insert|focus|reload|clear|go to|find|replace|fold|unfold|expand|collapse|split|join|sort|create|add|remove|check out|push|pull|merge|rebase|commit|stage|unstage|revert|discard|debug|step over|step into|continue|pause|export|import|configure|install|enable|disable|preview|compare|pin|reset|refresh|attach|detach|inspect|search|accept|reject|generate|explain|fix|review|organize|trim|convert|duplicate|peek|reveal|quick open'.split(
    '|',
  );
const things =
  'file|all files|editor|editor group|terminal|panel|side bar|breakpoint|all breakpoints|line|selection|next match|previous match|symbol|definition|references|implementation|branch|tag|stash|remote|changes|staged changes|word|bracket|folder|workspace|window|view|settings|keyboard shortcuts|theme|snippet|extension|task|test|all tests|output|problems|notebook|cell|kernel|imports|whitespace|comment|block comment|line below|line above|cursor|column|tab|history|timeline|explorer|search editor|outline|diff editor|merge editor|chat|language mode|encoding|indentation|console|container|image|repository|pull request|issue|package|script|variable|watch|call stack|minimap|word wrap|status bar|menu bar|zen mode|full screen'.split(
    '|',
  );

/** One way to say a phrase of the intent table. */
function order(): Sentence {
  const phrases = intentTable.flatMap((row) => row.phrases);
  const phrase = oneOf(phrases);
  let say = typeof phrase === 'string' ? phrase : phrase.say;
  for (let choice; (choice = /\[([^[\]()]*)\]|\(([^[\]()]*)\)/.exec(say)) !== null;) {
    const [whole, optional, needed = ''] = choice;
    const chosen = optional === undefined ? needed : oneOf(['', optional]);
    say = say.replace(whole, () => oneOf(chosen.split('|')));
  }
  let write = say;
  for (let slot; (slot = /\{([^}]*)\}/.exec(say)) !== null;) {
    const number = anyNumber();
    const words = /number/.test(slot[1] ?? '') ? spoken(number) : oneOf([...names, ...searched]);
    const digits = /number/.test(slot[1] ?? '') && random() < 0.6 ? String(number) : words;
    say = say.replace(slot[0], words);
    write = write.replace(/\{([^}]*)\}/, digits);
  }
  return { say, write, kind: 'order' };
}

function title(): Sentence {
  const say = [oneOf(categories), oneOf(verbs), oneOf(things)].join(' ').trim();
  return { say, write: say, kind: 'title' };
}

function number(): Sentence {
  const value = oneOf([below(100), 100 + below(900)]);
  const say = spoken(value);
  return { say, write: random() < 0.6 ? String(value) : say, kind: 'number' };
}

function others(): () => Sentence {
  const parts = globSync(join(FORTUNES, '*'))
    .filter((file) => !file.endsWith('.dat') && !file.endsWith('.u8'))
    .toSorted()
    .flatMap((file) => readFileSync(file, 'latin1').split(/\n%\n/))
    .flatMap((text) => text.replace(/\s+/g, ' ').split(/(?<=[.!?;,:])\s+/))
    .filter((part) => /^[A-Za-z][a-z' ]+[.!?]?[,;:]?$/.test(part))
    .filter((part) => part.split(' ').length >= 2 && part.split(' ').length <= 9);
  if (parts.length === 0) throw new Error(`${FORTUNES} is empty: install the package fortunes`);
  return () => {
    const write = oneOf(parts).replace(/[,;:]$/, '');
    return { say: write, write, kind: 'other' };
  };
}

const sets = [speechSet('tuning'), speechSet('held-out')];
const known = new Set(
  sets.flatMap((set) => [...set.orders, ...set.others, ...Object.values(set.vocabulary).flat()]),
);
const plain = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9' ]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
const taken = new Set([...known].map(plain));
const makers = { order, title, number, other: others() };
const sentences: Sentence[] = [];
for (const [kind, count] of Object.entries(COUNTS))
  for (let tries = 0, made = 0; made < count && tries < 50 * count; tries += 1) {
    const sentence = makers[kind as keyof typeof makers]();
    const say = plain(sentence.say);
    if (say.length < 2 || taken.has(say)) continue;
    taken.add(say);
    sentences.push({ ...sentence, say });
    made += 1;
  }

interface Contents {
  pieces: string[];
}
const built = new URL('../../dist/host/voice/model/moonshine/contents.json', import.meta.url);
const { pieces } = JSON.parse(readFileSync(built, 'utf8')) as Contents;
const numberOf = new Map(pieces.map((piece, at) => [piece, at]));
const rows = sentences.flatMap((sentence) => {
  const [first = ''] = sentence.write;
  const whole = `${first.toUpperCase()}${sentence.write.slice(1)}`.replace(/\s+/g, ' ').trim();
  const text = /[.!?]$/.test(whole) || random() < 0.2 ? whole : `${whole}.`;
  const ids = tokenizer
    .encode(text, false, true)
    .map((id) => (id < RESERVED ? id : (numberOf.get(tokenizer.vocabById[id] ?? '') ?? -1)));
  return ids.includes(-1) ? [] : [{ ...sentence, write: text, ids }];
});
writeFileSync(join(work, 'texts.json'), JSON.stringify(rows));
process.stdout.write(`${rows.length} sentences\n`);
