import { developerWords } from '../../core/developer-words.ts';

/** How a word may come out of a model that writes down what it hears: "npm", "NPM", "N P M", "webpack", "web pack". */
export function spellingsOf(written: string): readonly string[] {
  const lower = written.toLowerCase();
  const said = (developerWords.get(lower) ?? []).flatMap(inLetters);
  const plain = [written, lower, capital(lower), ...said];
  const isAcronym = !/[aeiouy]/.test(lower) || (/^[A-Z]+$/.test(written) && written.length <= 4);
  return [...new Set(isAcronym ? [...plain, lower.toUpperCase(), spaced(lower)] : plain)];
}

export const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

const spaced = (word: string): string => word.toUpperCase().split('').join(' ');

/** A way to say it as it is written: `web pack`, `=NPM`; none where it is given in sounds. */
function inLetters(way: string): string[] {
  const parts = way.split(' ');
  if (parts.some((part) => /^[A-Z]+$/.test(part) && !/^[A-Z]$/.test(part))) return [];
  const plain = parts.map((part) => part.replace(/^=/, '')).join(' ');
  const letters = parts.map((part) => (part.startsWith('=') ? spaced(part.slice(1)) : part));
  return [plain, capital(plain), letters.join(' ')];
}
