import { developerWords, unitWords } from './words.ts';

/**
 * The words that are heard for a sentence that is shown: paths, identifiers, addresses, hashes and signs
 * become what a developer would say. Printable ASCII only, since the voice knows nothing else; empty
 * when nothing in it can be said.
 */
export function spokenWords(sentence: string): string {
  const plain = withoutMarks(sentence);
  return plain
    .replace(/(?<![\w.-])(\d+)\s?[–−-]\s?(?=\d+(?![\w-]))/g, '$1 to ')
    .replace(
      /(\d)\s?(μs|ms|s|min|h|[KMGT]i?B|kB|kHz|Hz|dB|px)(?![\w/])/g,
      (_, digit: string, unit: string) => `${digit} ${unitWords[unit] ?? unit}`,
    )
    .split(/\s+/)
    .map(spokenToken)
    .filter((one) => one !== '')
    .join(' ')
    .replace(/ +([,.;:!?]+)(?= |$)/g, '$1')
    .replace(/([,;:])(?:[,;:])+/g, '$1')
    .replace(/,\s*$/, '')
    .replace(/[^\x20-\x7e]/g, '')
    .replace(/ {2,}/g, ' ')
    .trim()
    .replace(/^[^A-Za-z0-9]+$/, '');
}

/** Quotes, emphasis and whatever has no sound; letters keep their base, so `é` is said as `e`. */
function withoutMarks(text: string): string {
  return text
    .replace(/[’‘]/g, "'")
    .replace(/[`“”"«»*]/g, ' ')
    .replace(/…/g, '...')
    .replace(/\s[—–-]\s|—/g, ', ')
    .replace(/[→⇒]|->|=>/g, ' to ')
    .replace(/≤/g, ' at most ')
    .replace(/≥/g, ' at least ')
    .replace(/×/g, ' times ')
    .replace(/≈/g, ' about ')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '');
}

interface Shape {
  is: RegExp;
  say(token: string): string;
}

/** The first row that fits says how. */
const shapes: readonly Shape[] = [
  { is: /^[a-z][a-z0-9+.-]*:\/\/\S+$/i, say: sayAddress },
  {
    is: /^(mailto:)?[\w.+-]+@[\w-]+(\.[\w-]+)+$/,
    say: (t) =>
      t
        .replace(/^mailto:/, '')
        .replace('@', ' at ')
        .replace(/[.]/g, ' dot '),
  },
  {
    is: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
    say: (t) => `the id ending in ${spelled(t.slice(-4))}`,
  },
  {
    is: /^[a-z]+_[0-9A-HJKMNP-TV-Z]{20,}$/,
    say: (t) => `${t.slice(0, t.indexOf('_'))} ending in ${spelled(t.slice(-4))}`,
  },
  {
    is: /^(sha256:)?(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,}$/,
    say: (t) => spelled(t.replace(/^sha256:/, '').slice(0, 4)),
  },
  { is: /^#\d+$/, say: (t) => `number ${t.slice(1)}` },
  {
    is: /^v?\d+(\.\d+){2,}(-[\w.]+)?$/,
    say: (t) =>
      `${t.startsWith('v') ? 'version ' : ''}${t.replace(/^v/, '').replace(/[.]/g, ' point ').replace(/-/g, ' ')}`,
  },
  { is: /^v\d+(\.\d+)?$/, say: (t) => `version ${t.slice(1)}` },
  {
    is: /^--?[A-Za-z][\w-]*(=\S*)?$/,
    say: (t) =>
      `${t.startsWith('--') ? 'dash dash' : 'dash'} ${sayName(t.replace(/^-+/, '').replace('=', ' '))}`,
  },
  { is: /^(?:[A-Za-z]:)?[~.\w@+-]*[\\/][^\s]*$/, say: sayPath },
  { is: /^[\w-]+(\.[\w-]+)*\.[a-z]{1,5}(:\d+){0,2}$/i, say: sayFile },
  { is: /^(\.[\w-]*[A-Za-z][\w-]*)+$/, say: sayFile },
  { is: /^[\d,]*\.?\d+%?$/, say: (t) => t.replace(/%$/, ' percent') },
  { is: /^[$]?[A-Za-z_][\w.]*(?:[_.][\w.]*|[a-z][A-Z]\w*)(\(\))?$/, say: sayName },
  { is: /^[A-Za-z_]\w*\(\)$/, say: sayName },
];

const signs: Readonly<Record<string, string>> = {
  '&&': 'and', '||': 'or', '|': 'pipe', '&': 'and', '+': 'plus', '=': 'equals', '==': 'equals',
  '===': 'equals', '!=': 'is not', '!==': 'is not', '<': 'less than', '>': 'greater than',
  '<=': 'at most', '>=': 'at least', '%': 'percent', '@': 'at', '#': 'number', '~': 'about', '/': 'slash',
}; // prettier-ignore

function spokenToken(token: string): string {
  const fixed = signs[token] ?? developerWords[token.toLowerCase()];
  if (fixed !== undefined) return fixed;
  const [, before = '', core = '', after = ''] =
    /^([([{<'"]*)(.*?)([)\]}>'",.;:!?]*)$/.exec(token) ?? [];
  // The brackets of a call belong to its name.
  const call = core !== '' && after.startsWith(')') && core.endsWith('(');
  const body = call ? `${core})` : core;
  const shape = shapes.find(({ is }) => is.test(body));
  const said = shape === undefined ? sayWord(body) : shape.say(body);
  const pause = /[([{]/.test(before) && said !== '' ? ', ' : '';
  const end = after
    .replace(/^\)/, call ? '' : ')')
    .replace(/[)\]}>]+/g, ',')
    .replace(/['"]/g, '')
    .replace(/,+(?=[.;:!?])/g, '');
  return `${pause}${said}${end}`;
}

/** A word of the language, or one that only developers have. */
function sayWord(word: string): string {
  const known = developerWords[word.toLowerCase()];
  if (known !== undefined) return known;
  return word
    .replace(/[\\/|]+/g, ' ')
    .replace(/(\w)-(?=\w)/g, '$1 ')
    .replace(/&/g, ' and ')
    .replace(/[<>{}()[\]^~_=#@]+/g, ' ')
    .split(' ')
    .map((part) => developerWords[part.toLowerCase()] ?? part)
    .join(' ')
    .trim();
}

/** `parseConfigFile()` → "parse config file"; `fs.readFile` → "F S dot read file". */
function sayName(name: string): string {
  return name
    .replace(/\(\)$/, '')
    .replace(/[$]/g, '')
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .replace(/\.(?=\w)/g, ' dot ')
    .split(/\s+/)
    .filter((part) => part !== '')
    .map(
      (part) =>
        developerWords[part.toLowerCase()] ??
        (part.length === 1 ? spelled(part) : part.toLowerCase()),
    )
    .join(' ');
}

/** The end of a path is what tells it from others; `src/index.ts` is said whole. */
function sayPath(path: string): string {
  const [, whole = path, line] = /^(.*?)(?::(\d+))?(?::\d+)?$/.exec(path) ?? [];
  const parts = whole
    .split(/[\\/]+/)
    .filter((part) => part !== '' && part !== '.' && !/^[A-Za-z]:$/.test(part));
  const said = parts
    .slice(-2)
    .map((part) => (part === '..' ? 'up' : part === '~' ? 'home' : sayFile(part)));
  const words = said.length === 0 ? 'slash' : said.join(' slash ');
  return line === undefined ? words : `${words} line ${line}`;
}

function sayFile(file: string): string {
  const [, name = file, line] = /^(.*?)(?::(\d+))?(?::\d+)?$/.exec(file) ?? [];
  const words = name.replace(/^\./, 'dot ').split('.').map(sayName).join(' dot ');
  return line === undefined ? words : `${words} line ${line}`;
}

function sayAddress(address: string): string {
  const host = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/@\s]*@)?([^/:?#\s]*)/i.exec(address)?.[1] ?? '';
  const name = host.replace(/^www\./i, '');
  return name === '' ? 'an address' : name.split('.').map(sayName).join(' dot ');
}

/** Character by character. `a` alone would be said as the article. */
export const spelled = (text: string): string =>
  text
    .toUpperCase()
    .split('')
    .map((one) => (one === 'A' ? 'ay' : one))
    .join(' ');
