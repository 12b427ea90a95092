/** A piece of an answer: words, or the event that the words before it come from. */
export type CitedPart = { readonly text: string } | { readonly seq: number };

/** "Done: npm test. [412]" in pieces. Only numbers among `seqs` are events; any other bracket is text. */
export function citedParts(text: string, seqs: readonly number[]): CitedPart[] {
  const known = new Set(seqs);
  return text.split(/ \[(\d+)\](?= |$)/).flatMap((piece, at): CitedPart[] => {
    if (at % 2 === 0) return piece === '' ? [] : [{ text: piece }];
    const seq = Number(piece);
    return known.has(seq) ? [{ seq }] : [{ text: ` [${piece}]` }];
  });
}
