/**
 * Reads a shell command line the careful way round: it names the words only where every shell an
 * agent may use (sh, bash, zsh) would produce exactly these words, and calls everything else
 * complex. A wrong "simple" would let a card show one thing while another runs, so doubt is complex.
 */

/** Why a line is not a plain command. Stable: the card and the policy may name it. */
export type ComplexReason =
  | 'empty'
  | 'operator'
  | 'redirection'
  | 'expansion'
  | 'glob'
  | 'brace'
  | 'tilde'
  | 'assignment'
  | 'keyword'
  | 'comment'
  | 'unterminated'
  | 'hidden_character';

export type ShellWords =
  | { readonly kind: 'simple'; readonly argv: readonly string[] }
  | { readonly kind: 'complex'; readonly reason: ComplexReason };

/** One plain command of a line, with where its output goes and its input comes from. */
export interface PlainCommand {
  readonly argv: readonly string[];
  /** The operator before it: '' at the start, else `&&`, `||`, `;`, `|` or a line break. */
  readonly after: string;
  /** Files that a redirection writes; `/dev/null` and other streams (`2>&1`) are not among them. */
  readonly writes: readonly string[];
  readonly reads: readonly string[];
}

/** One command of a longer line, best effort: only good for warnings, never for showing what runs. */
export interface ShellSegment {
  readonly words: readonly string[];
  /** The operator before it: '' at the start, else `;`, `&&`, `|` … */
  readonly after: string;
  readonly readsFile: boolean;
}

interface Redirect {
  readonly operator: string;
  readonly target: string;
}

interface Lexed {
  readonly segments: readonly (ShellSegment & { readonly redirects: readonly Redirect[] })[];
  /** Everything that makes it more than words, in the order found. */
  readonly reasons: readonly ComplexReason[];
}

/** `{kind:'simple', argv}` only for one plain command: no operator, expansion, redirection, subshell, assignment or glob. */
export function shellWords(line: string): ShellWords {
  const text = line.replace(/^[ \t\n]+|[ \t\n]+$/g, '');
  if (text.endsWith('\\')) return { kind: 'complex', reason: 'unterminated' };
  const { segments, reasons } = lex(text);
  const argv = segments[0]?.words ?? [];
  const reason = reasons[0] ?? startProblem(argv[0]);
  return reason === null ? { kind: 'simple', argv } : { kind: 'complex', reason };
}

/**
 * The plain commands of a line that only joins them by `&&`, `||`, `;`, `|` or line breaks and only
 * redirects to named files or between streams; null for anything else. As careful as `shellWords`:
 * what is not certain is null.
 */
export function shellCommands(line: string): readonly PlainCommand[] | null {
  const text = withoutEnd(line);
  if (text.endsWith('\\')) return null;
  const { segments, reasons } = lex(text);
  if (reasons.some((reason) => reason !== 'operator' && reason !== 'redirection')) return null;
  const commands = segments.map(plainCommand);
  return commands.every((command) => command !== null) ? commands : null;
}

/** One `;` may end a line; two, or one on a line of its own, are no line at all. */
function withoutEnd(line: string): string {
  let end = line.length;
  while (' \t\n'.includes(line[end - 1] ?? 'x')) end -= 1;
  const text = line.slice(0, end);
  return text.endsWith(';') && !text.endsWith('\n;') ? text.slice(0, -1) : text;
}

const JOINS = new Set(['', '&&', '||', ';', '|', '\n']);

function plainCommand({ words, after, redirects }: Lexed['segments'][number]): PlainCommand | null {
  if (!JOINS.has(after) || startProblem(words[0]) !== null) return null;
  const files: { writes: string[]; reads: string[] } = { writes: [], reads: [] };
  for (const { operator, target } of redirects) {
    const isStream = (operator === '>&' || operator === '<&') && /^(?:\d+|-)$/.test(target);
    if (isStream || (['>', '>>'].includes(operator) && target === '/dev/null')) continue;
    // Not `&>`: to bash it is a redirection, to sh the command goes to the background.
    if (['>', '>>'].includes(operator) && target !== '') files.writes.push(target);
    else if (operator === '<' && target !== '') files.reads.push(target);
    else return null;
  }
  return { argv: words, after, ...files };
}

/** Why a command that begins with this word is not a plain one, or null. */
function startProblem(first: string | undefined): ComplexReason | null {
  if (first === undefined) return 'empty';
  if (KEYWORDS.has(first)) return 'keyword';
  return /^[A-Za-z_][A-Za-z0-9_]*\+?=/.test(first) ? 'assignment' : null;
}

/** Splits any line at its unquoted operators. Best effort: quoting inside expansions is not followed. */
export function shellSegments(line: string): readonly ShellSegment[] {
  return lex(line).segments.filter((segment) => segment.words.length > 0);
}

const KEYWORDS = new Set(
  'if then else elif fi do done case esac while until for in select function time coproc repeat foreach end nocorrect noglob ! { } [[ ]]'.split(
    ' ',
  ),
);

/** Control characters, and characters that do not show or that reorder what does. */
const HIDDEN = /(?![\t\n])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Variation_Selector}]/u;

function lex(line: string): Lexed {
  const reader = new Reader(line);
  if (HIDDEN.test(line)) reader.markComplex('hidden_character');
  while (reader.more()) reader.step();
  return reader.finish();
}

/** Walks the line once. */
class Reader {
  readonly #line: string;
  #at = 0;
  readonly #reasons = new Set<ComplexReason>();
  readonly #segments: {
    words: string[];
    after: string;
    readsFile: boolean;
    redirects: Redirect[];
  }[] = [{ words: [], after: '', readsFile: false, redirects: [] }];
  /** null between words: an empty quoted word ('') is still a word. */
  #word: string | null = null;
  /** The redirection whose file is the next word; that is no argument. */
  #redirection: string | null = null;

  constructor(line: string) {
    this.#line = line;
  }

  more(): boolean {
    return this.#at < this.#line.length;
  }

  markComplex(reason: ComplexReason): void {
    this.#reasons.add(reason);
  }

  step(): void {
    const char = this.#line[this.#at] as string;
    if (char === ' ' || char === '\t') this.#endWord(1);
    else if (char === "'") this.#singleQuoted();
    else if (char === '"') this.#doubleQuoted();
    else if (char === '\\') this.#escaped();
    else if (OPERATORS.includes(char)) this.#operator(char);
    else this.#plain(char);
  }

  finish(): Lexed {
    this.#endWord(0);
    // A redirection without a file: the shell would refuse the line, so nothing is known about it.
    if (this.#redirection !== null) this.markComplex('unterminated');
    return { segments: this.#segments, reasons: [...this.#reasons] };
  }

  #plain(char: string): void {
    const starts = this.#word === null;
    if (char === '$' || char === '`') this.markComplex('expansion');
    else if ('*?['.includes(char)) this.markComplex('glob');
    else if ('{}'.includes(char)) this.markComplex('brace');
    else if (char === '#' && starts) this.markComplex('comment');
    else if (char === '~' && (starts || /[=:]$/.test(this.#word ?? ''))) this.markComplex('tilde');
    else if (char === '=' && starts) this.markComplex('expansion');
    this.#append(char, 1);
  }

  #singleQuoted(): void {
    const end = this.#line.indexOf("'", this.#at + 1);
    if (end === -1) this.markComplex('unterminated');
    const stop = end === -1 ? this.#line.length : end;
    this.#append(this.#line.slice(this.#at + 1, stop), stop - this.#at + 1);
  }

  #doubleQuoted(): void {
    let text = '';
    let at = this.#at + 1;
    while (at < this.#line.length && this.#line[at] !== '"') {
      const char = this.#line[at] as string;
      const next = this.#line[at + 1] ?? '';
      if (char === '$' || char === '`') this.markComplex('expansion');
      // zsh and bash differ from sh here only in interactive shells, which agents do not use.
      const isEscape = char === '\\' && next !== '' && '$`"\\\n'.includes(next);
      if (!isEscape) text += char;
      else if (next !== '\n') text += next;
      at += isEscape ? 2 : 1;
    }
    if (at >= this.#line.length) this.markComplex('unterminated');
    this.#append(text, at - this.#at + 1);
  }

  #escaped(): void {
    const next = this.#line[this.#at + 1];
    if (next === undefined) this.markComplex('unterminated');
    if (next === '\n') this.#at += 2;
    else this.#append(next ?? '', 2);
  }

  #operator(char: string): void {
    const text = OPERATOR.exec(this.#line.slice(this.#at))?.[0] ?? char;
    const redirects = /[<>]/.test(text);
    this.markComplex(redirects ? 'redirection' : 'operator');
    // The number in `2>file` belongs to the redirection, not to the words.
    if (redirects && /^\d+$/.test(this.#word ?? '')) this.#word = null;
    this.#endWord(text.length);
    if (this.#redirection !== null) this.markComplex('unterminated');
    const current = this.#segments.at(-1);
    if (!redirects)
      this.#segments.push({ words: [], after: text, readsFile: false, redirects: [] });
    else if (text.startsWith('<') && current !== undefined) current.readsFile = true;
    this.#redirection = redirects ? text : null;
  }

  #append(text: string, consumed: number): void {
    this.#word = (this.#word ?? '') + text;
    this.#at += consumed;
  }

  #endWord(consumed: number): void {
    if (this.#word !== null) {
      const current = this.#segments.at(-1);
      if (this.#redirection === null) current?.words.push(this.#word);
      else current?.redirects.push({ operator: this.#redirection, target: this.#word });
      this.#redirection = null;
    }
    this.#word = null;
    this.#at += consumed;
  }
}

const OPERATORS = '|&;<>()\n';
const OPERATOR = /^(?:&&|\|\||;;|&>>?|<<<|<<-?|>>|[<>]&|>\||[&|;()<>\n])/;
