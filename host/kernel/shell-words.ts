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

/** One command of a longer line, best effort: only good for warnings, never for showing what runs. */
export interface ShellSegment {
  readonly words: readonly string[];
  /** The operator before it: '' at the start, else `;`, `&&`, `|` … */
  readonly after: string;
  readonly readsFile: boolean;
}

interface Lexed {
  readonly segments: readonly ShellSegment[];
  readonly complex: ComplexReason | null;
}

/** `{kind:'simple', argv}` only for one plain command: no operator, expansion, redirection, subshell, assignment or glob. */
export function shellWords(line: string): ShellWords {
  const text = line.replace(/^[ \t\n]+|[ \t\n]+$/g, '');
  if (text.endsWith('\\')) return { kind: 'complex', reason: 'unterminated' };
  const { segments, complex } = lex(text);
  if (complex !== null) return { kind: 'complex', reason: complex };
  const argv = segments[0]?.words ?? [];
  const first = argv[0];
  if (first === undefined) return { kind: 'complex', reason: 'empty' };
  if (KEYWORDS.has(first)) return { kind: 'complex', reason: 'keyword' };
  if (/^[A-Za-z_][A-Za-z0-9_]*\+?=/.test(first)) return { kind: 'complex', reason: 'assignment' };
  return { kind: 'simple', argv };
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

/** Walks the line once; `complex` keeps the first reason found. */
class Reader {
  readonly #line: string;
  #at = 0;
  #complex: ComplexReason | null = null;
  #segments: { words: string[]; after: string; readsFile: boolean }[] = [
    { words: [], after: '', readsFile: false },
  ];
  /** null between words: an empty quoted word ('') is still a word. */
  #word: string | null = null;
  /** The word after `>` is a file, not an argument. */
  #swallowNext = false;

  constructor(line: string) {
    this.#line = line;
  }

  more(): boolean {
    return this.#at < this.#line.length;
  }

  markComplex(reason: ComplexReason): void {
    this.#complex ??= reason;
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
    return { segments: this.#segments, complex: this.#complex };
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
    const current = this.#segments.at(-1);
    if (!redirects) this.#segments.push({ words: [], after: text, readsFile: false });
    else if (text.startsWith('<') && current !== undefined) current.readsFile = true;
    this.#swallowNext = redirects;
  }

  #append(text: string, consumed: number): void {
    this.#word = (this.#word ?? '') + text;
    this.#at += consumed;
  }

  #endWord(consumed: number): void {
    if (this.#word !== null) {
      if (!this.#swallowNext) this.#segments.at(-1)?.words.push(this.#word);
      this.#swallowNext = false;
    }
    this.#word = null;
    this.#at += consumed;
  }
}

const OPERATORS = '|&;<>()\n';
const OPERATOR = /^(?:&&|\|\||;;|&>>?|<<<|<<-?|>>|[<>]&|>\||[&|;()<>\n])/;
