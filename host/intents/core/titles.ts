/** Shorter than this, a title without its category says too little: "delete", "open". */
const FEWEST_WORDS = 2;

/**
 * What of a title is said by people who do not say its category ("stage changes" for "Git: Stage Changes"), for
 * those titles where that is the name of no other. `keyOf` says which names are the same.
 */
export function shortTitles(
  titles: readonly string[],
  keyOf: (title: string) => string,
): ReadonlyMap<string, string> {
  const full = new Set(titles.map(keyOf));
  const owners = new Map<string, { short: string; title: string } | null>();
  for (const title of titles) {
    const short = withoutCategory(title);
    const key = keyOf(short);
    if (short === '' || full.has(key)) continue;
    owners.set(key, owners.has(key) ? null : { short, title });
  }
  return new Map(
    [...owners.values()].flatMap((owner) => (owner === null ? [] : [[owner.short, owner.title]])),
  );
}

/** Empty where that says too little. */
export function withoutCategory(title: string): string {
  const at = title.indexOf(': ');
  const short = at === -1 ? '' : title.slice(at + 2).trim();
  return short.split(/\s+/).length < FEWEST_WORDS ? '' : short;
}
