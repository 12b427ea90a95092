import { programOf } from './danger.ts';

/**
 * Commands that only read and are answered without a card, for everybody. A command is on this
 * list only with options that are on it too: an unknown option makes it an ordinary command.
 * Their path arguments must lie inside the workspace; the caller checks that. Nothing here walks into
 * hidden files by itself: a search through everything would read `.env` without asking.
 */
interface SafeRead {
  /** argv begins with these words. */
  begins: readonly string[];
  /** Options that are known to only read. `=value` may follow those that end in `=`. */
  options: readonly string[];
  /** Whether plain words may follow (paths, patterns, revisions). */
  words: boolean;
}

const listing = [
  '-a',
  '-A',
  '-l',
  '-la',
  '-al',
  '-lah',
  '-lh',
  '-h',
  '-1',
  '-R',
  '-t',
  '-r',
  '-S',
  '-d',
  '-F',
  '-p',
];
const gitRead = [
  '--oneline',
  '--stat',
  '--name-only',
  '--name-status',
  '--graph',
  '--all',
  '--decorate',
  '--no-color',
  '--color=',
  '-p',
  '--patch',
  '--cached',
  '--staged',
  '--short',
  '-s',
  '-sb',
  '-b',
  '--branch',
  '--porcelain',
  '--porcelain=',
  '-v',
  '-vv',
  '-a',
  '-r',
  '--list',
  '--show-current',
  '--max-count=',
  '--since=',
  '--until=',
  '--author=',
  '--grep=',
  '--abbrev-ref',
  '--show-toplevel',
  '--is-inside-work-tree',
  '--short=',
  '--no-pager',
  '-w',
  '--ignore-all-space',
  '--unified=',
  '--numstat',
  '--shortstat',
  '--summary',
  '--reverse',
  '--no-merges',
  '--merges',
  '--follow',
  '--date=',
  '--pretty=',
  '--format=',
  '--untracked-files=',
  '-uno',
  '-u',
  '--',
];

const table: readonly SafeRead[] = [
  { begins: ['ls'], options: listing, words: true },
  { begins: ['pwd'], options: ['-P', '-L'], words: false },
  { begins: ['cat'], options: ['-n', '-A', '-b'], words: true },
  { begins: ['head'], options: ['-n', '-c', '-q'], words: true },
  { begins: ['tail'], options: ['-n', '-c', '-q'], words: true },
  { begins: ['wc'], options: ['-l', '-w', '-c', '-m'], words: true },
  { begins: ['nl'], options: ['-ba'], words: true },
  { begins: ['stat'], options: [], words: true },
  { begins: ['file'], options: ['-b'], words: true },
  { begins: ['tree'], options: ['-a', '-L', '-d', '-I'], words: true },
  {
    begins: ['grep'],
    options: [
      '-n',
      '-i',
      '-l',
      '-c',
      '-v',
      '-w',
      '-E',
      '-F',
      '-A',
      '-B',
      '-C',
      '--include=',
      '--exclude=',
      '--exclude-dir=',
      '-H',
      '-h',
      '-o',
    ],
    words: true,
  },
  {
    begins: ['rg'],
    options: [
      '-n',
      '-i',
      '-l',
      '-c',
      '-v',
      '-w',
      '-F',
      '-g',
      '-t',
      '-A',
      '-B',
      '-C',
      '--files',
      '--no-heading',
      '--line-number',
      '-S',
      '--glob=',
      '--type=',
    ],
    words: true,
  },
  { begins: ['git', 'status'], options: gitRead, words: true },
  { begins: ['git', 'log'], options: gitRead, words: true },
  { begins: ['git', 'diff'], options: gitRead, words: true },
  { begins: ['git', 'show'], options: gitRead, words: true },
  {
    begins: ['git', 'branch'],
    options: ['-v', '-vv', '-a', '-r', '--list', '--show-current', '--no-color'],
    words: false,
  },
  { begins: ['git', 'remote'], options: ['-v'], words: false },
  { begins: ['git', 'rev-parse'], options: gitRead, words: true },
  {
    begins: ['git', 'ls-files'],
    options: ['--others', '--exclude-standard', '--cached', '--modified', '-m', '-o', '-s'],
    words: true,
  },
  { begins: ['node', '--version'], options: [], words: false },
  { begins: ['npm', '--version'], options: [], words: false },
];

const numeric = /^-\d+$/;
const known = (word: string, options: readonly string[]): boolean =>
  numeric.test(word) ||
  options.includes(word) ||
  options.some((o) => o.endsWith('=') && word.startsWith(o)) ||
  (/^-[nABC]\d+$/.test(word) && options.includes(word.slice(0, 2)));

/** True when `argv` only reads, whatever its words are. The words still have to be placed. */
export function isSafeRead(argv: readonly string[]): boolean {
  if (argv[0] === undefined || argv[0] !== programOf(argv)) return false;
  return table.some((row) => {
    if (!row.begins.every((word, i) => argv[i] === word)) return false;
    const rest = argv.slice(row.begins.length);
    return rest.every((word) =>
      word.startsWith('-') && word !== '-' ? known(word, row.options) : row.words,
    );
  });
}
