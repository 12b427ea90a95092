import type { Phrase } from './intent-row.ts';

export type SlotType = 'number' | 'text' | 'task' | 'schedule' | 'command';
export type Element =
  | { readonly kind: 'word'; readonly word: string }
  | { readonly kind: 'slot'; readonly name: string; readonly type: SlotType };

/** One exact way to say an intent: no options left. */
export interface Pattern {
  readonly elements: readonly Element[];
  readonly fixed: Readonly<Record<string, string | number>>;
}

/** Every pattern that a phrase of the table stands for. Throws on a phrase that is written wrong. */
export function patternsOf(phrase: Phrase): readonly Pattern[] {
  const { say, fixed } = typeof phrase === 'string' ? { say: phrase, fixed: {} } : phrase;
  const parts = say.match(/\[[^\]]*\]|\([^)]*\)|\{[^}]*\}|[^\s[({]+/g) ?? [];
  const lists = parts.reduce<readonly (readonly Element[])[]>(
    (soFar, part) => soFar.flatMap((list) => alternatives(part).map((next) => [...list, ...next])),
    [[]],
  );
  return lists.filter((elements) => elements.length > 0).map((elements) => ({ elements, fixed }));
}

function alternatives(part: string): readonly (readonly Element[])[] {
  const inner = part.slice(1, -1);
  if (part.startsWith('[')) return [[], ...inner.split('|').map(wordsOf)];
  if (part.startsWith('(')) return inner.split('|').map(wordsOf);
  if (part.startsWith('{')) return [[slotOf(inner)]];
  return [wordsOf(part)];
}

const wordsOf = (text: string): readonly Element[] =>
  text
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => ({ kind: 'word', word }));

function slotOf(inner: string): Element {
  const [name = '', type = ''] = inner.split(':');
  if (!isSlotType(type)) throw new TypeError(`unknown slot type in {${inner}}`);
  return { kind: 'slot', name, type };
}

/** How a pattern is said with these slots: "go to line 42", and "go to line N" where one is not known. */
export function spoken(pattern: Pattern, slots: Readonly<Record<string, string | number>>): string {
  return pattern.elements
    .map((element) =>
      element.kind === 'word'
        ? element.word
        : String(slots[element.name] ?? placeholder[element.type]),
    )
    .join(' ');
}

const isSlotType = (type: string): type is SlotType => Object.hasOwn(placeholder, type);

const placeholder: Record<SlotType, string> = {
  number: 'N',
  text: '…',
  task: 'NAME',
  schedule: 'NAME',
  command: 'TITLE',
};
