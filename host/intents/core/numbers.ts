const units = new Map(
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'
    .split(' ')
    .map((word, value) => [word, value]),
);
const tens = new Map(
  'twenty thirty forty fifty sixty seventy eighty ninety'
    .split(' ')
    .map((word, index) => [word, (index + 2) * 10]),
);

const LARGEST = 9_999_999;

/**
 * The whole number that these words say: `42`, `1,042`, `forty two`, `one hundred and five`,
 * `two thousand`. Null for anything else, so that a half-understood number never moves a cursor.
 */
export function spokenNumber(words: readonly string[]): number | null {
  const only = words.length === 1 ? (words[0] ?? '') : '';
  if (/^(?:\d{1,7}|\d{1,3}(?:,\d{3})+)$/.test(only))
    return within(Number(only.replaceAll(',', '')));
  const parts = words.flatMap((word) => word.split('-'));
  return parts.length === 0 || parts.length > 12 ? null : thousands(parts);
}

const within = (value: number | null): number | null =>
  value !== null && value <= LARGEST ? value : null;

function thousands(parts: readonly string[]): number | null {
  const at = parts.indexOf('thousand');
  if (at === -1) return hundreds(parts);
  const high = hundreds(parts.slice(0, at));
  const rest = withoutAnd(parts.slice(at + 1));
  const low = rest.length === 0 ? 0 : hundreds(rest);
  return high === null || high === 0 || low === null ? null : within(high * 1_000 + low);
}

function hundreds(parts: readonly string[]): number | null {
  const at = parts.indexOf('hundred');
  if (at === -1) return belowHundred(parts);
  const high = parts[0] === 'a' && at === 1 ? 1 : belowHundred(parts.slice(0, at));
  const rest = withoutAnd(parts.slice(at + 1));
  const low = rest.length === 0 ? 0 : belowHundred(rest);
  return high === null || high === 0 || high > 9 || low === null ? null : high * 100 + low;
}

const withoutAnd = (parts: readonly string[]): readonly string[] =>
  parts[0] === 'and' ? parts.slice(1) : parts;

function belowHundred(parts: readonly string[]): number | null {
  const [first = '', second] = parts;
  if (parts.length === 1) return units.get(first) ?? tens.get(first) ?? null;
  const ten = tens.get(first);
  const unit = second === undefined ? undefined : units.get(second);
  return parts.length === 2 && ten !== undefined && unit !== undefined && unit > 0 && unit < 10
    ? ten + unit
    : null;
}
