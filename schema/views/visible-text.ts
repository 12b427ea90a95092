/*
 * Text of an agent must look like what it is. Characters that hide, reorder or fake text are shown
 * by their number instead of being obeyed: a right-to-left override can make `exe.txt` of `txt.exe`.
 */

/** A piece of text; `hidden` pieces stand for a character that would not be seen as itself. */
export interface VisiblePart {
  readonly text: string;
  readonly hidden: boolean;
}

/** First and last code point of each range, and what is in it. */
const deceptive: readonly (readonly [first: number, last: number, what: string])[] = [
  [0x00, 0x08, 'controls'],
  [0x0b, 0x1f, 'controls after line feed'],
  [0x7f, 0x9f, 'DEL and C1 controls'],
  [0xad, 0xad, 'soft hyphen'],
  [0x34f, 0x34f, 'combining grapheme joiner'],
  [0x61c, 0x61c, 'Arabic letter mark'],
  [0x115f, 0x1160, 'Hangul fillers'],
  [0x17b4, 0x17b5, 'Khmer inherent vowels'],
  [0x180b, 0x180f, 'Mongolian separators'],
  [0x200b, 0x200f, 'zero widths and directional marks'],
  [0x2028, 0x202e, 'separators, embeddings and overrides'],
  [0x2060, 0x206f, 'word joiner, isolates, invisible operators'],
  [0x3164, 0x3164, 'Hangul filler'],
  [0xd800, 0xdfff, 'lone surrogates'],
  [0xfe00, 0xfe0f, 'variation selectors'],
  [0xfeff, 0xfeff, 'byte order mark'],
  [0xffa0, 0xffa0, 'halfwidth Hangul filler'],
  [0xfff0, 0xfffb, 'specials'],
  [0xe0000, 0xe0fff, 'tags and more variation selectors'],
];

function isDeceptive(code: number): boolean {
  if (code > 0x1f && code < 0x7f) return false;
  return deceptive.some(([first, last]) => code >= first && code <= last);
}

const byNumber = (code: number): string =>
  `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;

/** The text in parts, in order. Joined, they read as what is drawn. */
export function visibleParts(text: string): VisiblePart[] {
  const parts: VisiblePart[] = [];
  let plain = '';
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (!isDeceptive(code)) {
      plain += char;
      continue;
    }
    if (plain !== '') parts.push({ text: plain, hidden: false });
    plain = '';
    parts.push({ text: byNumber(code), hidden: true });
  }
  if (plain !== '') parts.push({ text: plain, hidden: false });
  return parts;
}

/** The same as one string. Lines stay lines. */
export const visibleText = (text: string): string =>
  visibleParts(text)
    .map((part) => part.text)
    .join('');

/** True when nothing in the text would be seen as something else. */
export const isPlainlyVisible = (text: string): boolean =>
  !visibleParts(text).some((part) => part.hidden);
