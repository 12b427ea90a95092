/** Characters of the first piece: so much is made in well under 100 ms. */
const FIRST = 80;
const LATER = 200;
/** A piece shorter than this sounds chopped. */
const LEAST = 20;

/**
 * Cuts what is said into pieces that are made one by one, so that the first is heard early. Cuts after
 * a clause where there is one, else between words; a sentence of ordinary length stays whole.
 */
export function clauses(spoken: string): string[] {
  const pieces: string[] = [];
  let rest = spoken.trim();
  while (rest.length > (pieces.length === 0 ? FIRST : LATER)) {
    const at = cutAt(rest, pieces.length === 0 ? FIRST : LATER);
    pieces.push(rest.slice(0, at).trim());
    rest = rest.slice(at).trim();
  }
  return rest === '' ? pieces : [...pieces, rest];
}

function cutAt(text: string, limit: number): number {
  const within = text.slice(0, limit);
  const mark = Math.max(...[', ', '; ', ': '].map((one) => within.lastIndexOf(one)));
  if (mark >= LEAST) return mark + 1;
  const word = within.search(
    / (and|or|but|because|which|that|so|then|when|while|if) (?!.* (and|or|but|because|which|that|so|then|when|while|if) )/,
  );
  if (word >= LEAST) return word;
  const space = within.lastIndexOf(' ');
  return space > 0 ? space : limit;
}
