/*
 * Text of an agent must look like what it is. Characters that hide, reorder or fake text are shown
 * by their number instead of being obeyed: a right-to-left override can make `exe.txt` of `txt.exe`.
 */

/** A piece of text; `hidden` pieces stand for a character that would not be seen as itself. */
export interface VisiblePart {
  readonly text: string;
  readonly hidden: boolean;
}

/** C0 without tab and line feed, DEL and C1, soft hyphen, bidi controls, zero widths, fillers, BOM, tags, lone surrogates. */
const deceptive =
  // eslint-disable-next-line no-control-regex -- these are the point
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\u{e0000}-\u{e0fff}]|\p{Cs}/gu;

const byNumber = (char: string): string =>
  `⟨U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`;

/** The text in parts, in order. Joined, they read as `visibleText`. */
export function visibleParts(text: string): VisiblePart[] {
  const parts: VisiblePart[] = [];
  let from = 0;
  for (const match of text.matchAll(deceptive)) {
    if (match.index > from) parts.push({ text: text.slice(from, match.index), hidden: false });
    parts.push({ text: byNumber(match[0]), hidden: true });
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), hidden: false });
  return parts;
}

/** The same as one string, on one line: for labels and titles. */
export const visibleText = (text: string): string =>
  visibleParts(text)
    .map((part) => part.text)
    .join('')
    .replaceAll(/\s+/g, ' ');
