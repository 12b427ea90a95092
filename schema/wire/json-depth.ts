/**
 * True when arrays and objects nest deeper than `max` in this JSON text. Counted before parsing and
 * without recursion, so that a hostile text costs one pass and no memory. What is not JSON may get either answer; the parser refuses it anyway.
 */
export function nestsDeeperThan(text: string, max: number): boolean {
  // Most messages have too few brackets to be deep at all, wherever those stand.
  return opensMoreThan(text, max) && scan(text, max);
}

function opensMoreThan(text: string, max: number): boolean {
  let left = max;
  for (const bracket of ['{', '[']) {
    for (let at = text.indexOf(bracket); at !== -1; at = text.indexOf(bracket, at + 1)) {
      if (left-- === 0) return true;
    }
  }
  return false;
}

function scan(text: string, max: number): boolean {
  let depth = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (isInString) {
      if (char === BACKSLASH) at++;
      else if (char === QUOTE) isInString = false;
    } else if (char === QUOTE) isInString = true;
    else if (char === OPEN_BRACE || char === OPEN_BRACKET) {
      if (++depth > max) return true;
    } else if (char === CLOSE_BRACE || char === CLOSE_BRACKET) depth--;
  }
  return false;
}

const QUOTE = 34;
const OPEN_BRACKET = 91;
const BACKSLASH = 92;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
