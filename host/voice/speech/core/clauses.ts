/** Characters of the first piece: the slowest voice makes so much in 40 ms. */
const FIRST = 40;
/** Later ones are made while the one before them sounds. */
const LATER = 200;
/** A piece shorter than this sounds chopped. */
const LEAST = 12;

const joints = words('and or but because which that so then when while if');
const prepositions = words(
  'after as at before between by for from in into of on onto out over since than through to under until with',
);

/**
 * Cuts what is said into pieces that are made one by one, so that the first is heard early. Cuts after
 * a clause where there is one, else before a word that begins a phrase, else between words.
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
  for (const starts of [joints, prepositions]) {
    const at = Math.max(...starts.map((word) => within.lastIndexOf(` ${word} `)));
    if (at >= LEAST) return at;
  }
  const space = within.lastIndexOf(' ');
  return space > 0 ? space : limit;
}

function words(list: string): string[] {
  return list.split(' ');
}
