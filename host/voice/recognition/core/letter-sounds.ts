/** The sounds of a letter's name, and of a word by rule when nothing knows it. ARPABET, US English. */

const names = new Map(
  `a EY|b B IY|c S IY|d D IY|e IY|f EH F|g JH IY|h EY CH|i AY|j JH EY|k K EY|l EH L|m EH M|n EH N|o OW|p P IY|q K Y UW|r AA R|s EH S|t T IY|u Y UW|v V IY|w D AH B AH L Y UW|x EH K S|y W AY|z Z IY`
    .split('|')
    .map((row) => [row[0] ?? '', row.slice(2)]),
);

/** The letters one by one: `npm` → `EH N P IY EH M`. Null for anything but a–z. */
export function spelledOut(letters: string): string | null {
  const sounds = letters
    .toLowerCase()
    .split('')
    .map((letter) => names.get(letter));
  return sounds.length === 0 || sounds.includes(undefined) ? null : sounds.join(' ');
}

/**
 * Longest match first, left to right. `^` stands for the start of the word, `$` for its end; what is
 * between the brackets is read, the rest is context.
 */
const rules: readonly (readonly [RegExp, number, string])[] = (
  [
    ['^kn', 2, 'N'],
    ['^wr', 2, 'R'],
    ['^ps', 2, 'S'],
    ['^gn', 2, 'N'],
    ['^x', 1, 'Z'],
    ['tion', 4, 'SH AH N'],
    ['sion', 4, 'ZH AH N'],
    ['ture(?=s?$)', 4, 'CH ER'],
    ['ough', 4, 'OW'],
    ['augh', 4, 'AO'],
    ['eigh', 4, 'EY'],
    ['igh', 3, 'AY'],
    ['tch', 3, 'CH'],
    ['dge', 3, 'JH'],
    ['sch', 3, 'SH'],
    ['que$', 3, 'K'],
    ['air', 3, 'EH R'],
    ['ear', 3, 'IH R'],
    ['eer', 3, 'IH R'],
    ['our', 3, 'AW R'],
    ['ing$', 3, 'IH NG'],
    ['ism$', 3, 'IH Z AH M'],
    ['ers?$', 2, 'ER'],
    ['le$', 2, 'AH L'],
    ['ch', 2, 'CH'],
    ['sh', 2, 'SH'],
    ['th', 2, 'TH'],
    ['ph', 2, 'F'],
    ['gh', 2, 'G'],
    ['ck', 2, 'K'],
    ['qu', 2, 'K W'],
    ['wh', 2, 'W'],
    ['ng', 2, 'NG'],
    ['nk', 2, 'NG K'],
    ['ai', 2, 'EY'],
    ['ay', 2, 'EY'],
    ['au', 2, 'AO'],
    ['aw', 2, 'AO'],
    ['ea', 2, 'IY'],
    ['ee', 2, 'IY'],
    ['ei', 2, 'IY'],
    ['ey', 2, 'IY'],
    ['ew', 2, 'UW'],
    ['ie$', 2, 'IY'],
    ['ie', 2, 'IY'],
    ['oa', 2, 'OW'],
    ['oo', 2, 'UW'],
    ['oi', 2, 'OY'],
    ['oy', 2, 'OY'],
    ['ou', 2, 'AW'],
    ['ow', 2, 'OW'],
    ['ue', 2, 'UW'],
    ['ui', 2, 'UW'],
    ['ar', 2, 'AA R'],
    ['er', 2, 'ER'],
    ['ir', 2, 'ER'],
    ['ur', 2, 'ER'],
    ['or', 2, 'AO R'],
    ['c(?=[eiy])', 1, 'S'],
    ['g(?=[eiy])', 1, 'JH'],
    ['([bcdfglmnprstz])\\1', 2, '*'],
    ['a(?=[^aeiouwxy]e$)', 1, 'EY'],
    ['i(?=[^aeiouwxy]e$)', 1, 'AY'],
    ['o(?=[^aeiouwxy]e$)', 1, 'OW'],
    ['u(?=[^aeiouwxy]e$)', 1, 'UW'],
    ['e$', 1, ''],
    ['o$', 1, 'OW'],
    ['i$', 1, 'IY'],
    ['a$', 1, 'AH'],
    ['y$', 1, 'IY'],
    ['u$', 1, 'UW'],
    ['^y', 1, 'Y'],
    ['y', 1, 'IH'],
    ['a', 1, 'AE'],
    ['e', 1, 'EH'],
    ['i', 1, 'IH'],
    ['o', 1, 'AA'],
    ['u', 1, 'AH'],
    ['b', 1, 'B'],
    ['c', 1, 'K'],
    ['d', 1, 'D'],
    ['f', 1, 'F'],
    ['g', 1, 'G'],
    ['h', 1, 'HH'],
    ['j', 1, 'JH'],
    ['k', 1, 'K'],
    ['l', 1, 'L'],
    ['m', 1, 'M'],
    ['n', 1, 'N'],
    ['p', 1, 'P'],
    ['q', 1, 'K'],
    ['r', 1, 'R'],
    ['s$', 1, 'Z'],
    ['s', 1, 'S'],
    ['t', 1, 'T'],
    ['v', 1, 'V'],
    ['w', 1, 'W'],
    ['x', 1, 'K S'],
    ['z', 1, 'Z'],
  ] as const
).map(([pattern, taken, sounds]) => [new RegExp(pattern, 'y'), taken, sounds] as const);

const single: ReadonlyMap<string, string> = new Map(
  'b B|c K|d D|f F|g G|l L|m M|n N|p P|r R|s S|t T|z Z'
    .split('|')
    .map((row) => [row[0] ?? '', row.slice(2)]),
);

/** A guess by rule, for words that no list has: `zustand` → `Z AH S T AE N D`. Null for anything but a–z. */
export function byRule(word: string): string | null {
  if (!/^[a-z]+$/.test(word)) return null;
  const sounds: string[] = [];
  for (let at = 0; at < word.length;) {
    const rule = ruleAt(word, at);
    if (rule === null) return null;
    if (rule.sounds !== '') sounds.push(rule.sounds);
    at += rule.taken;
  }
  return sounds.length === 0 ? null : sounds.join(' ');
}

function ruleAt(word: string, at: number): { taken: number; sounds: string } | null {
  for (const [pattern, taken, sounds] of rules) {
    pattern.lastIndex = at;
    if (!pattern.test(word)) continue;
    const said = sounds === '*' ? (single.get(word[at] ?? '') ?? '') : sounds;
    return { taken, sounds: said };
  }
  return null;
}
