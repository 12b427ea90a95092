import { lexer, type Token, type Tokens } from 'marked';

/**
 * What a person would read out of a Markdown text: one string a paragraph, heading, list item or table row.
 * Code blocks are counted, not read.
 */
export function plainBlocks(text: string): string[] {
  const blocks = isPlain(text) ? [text] : blocksOf(lexer(text, { gfm: true }));
  return blocks.map((block) => block.replace(/\s+/g, ' ').trim()).filter((block) => block !== '');
}

/**
 * One line without a sign of Markdown, as nearly all that Hob says itself. The first use of the lexer stops the host
 * for 30 to 70 ms, while somebody waits to hear an answer.
 */
const isPlain = (text: string): boolean =>
  /^(?![\s#>+=-]|\d+[.)])[^\\`*_~|[\]<&\r\n\t]*$/.test(text);

function blocksOf(tokens: readonly Token[]): string[] {
  return tokens.flatMap((token) => {
    switch (token.type) {
      case 'code':
        return [codeBlock(token as Tokens.Code)];
      case 'list':
        return (token as Tokens.List).items.flatMap((item) => blocksOf(item.tokens));
      case 'blockquote':
        return blocksOf((token as Tokens.Blockquote).tokens);
      case 'table':
        return (token as Tokens.Table).rows.map((row) =>
          row.map((cell) => inline(cell.tokens)).join(', '),
        );
      case 'space':
      case 'hr':
      case 'def':
      case 'html':
        return [];
      default:
        return 'tokens' in token && token.tokens !== undefined
          ? [inline(token.tokens)]
          : [String('text' in token ? token.text : token.raw)];
    }
  });
}

function codeBlock({ text }: Tokens.Code): string {
  const lines = text.split('\n').length;
  return lines === 1 ? 'One line of code.' : `${lines} lines of code.`;
}

function inline(tokens: readonly Token[]): string {
  return tokens
    .map((token) => {
      if (token.type === 'br') return ' ';
      if (token.type === 'html') return '';
      if ('tokens' in token && token.tokens !== undefined && token.tokens.length > 0)
        return inline(token.tokens);
      return 'text' in token ? unescaped(String(token.text)) : token.raw;
    })
    .join('');
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
};
const unescaped = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => entities[name] ?? '');
