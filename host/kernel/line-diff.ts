/** Lines around a change that are shown with it. */
const CONTEXT = 3;
/** Above this many changed lines the middle is shown as replaced whole. */
const LONGEST_TABLE = 1_000;

/** A unified diff with one hunk, for people. Empty when nothing differs. */
export function lineDiff(path: string, before: string | null, after: string | null): string {
  if (before === after) return '';
  const old = linesOf(before);
  const now = linesOf(after);
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let end = 0;
  while (
    end < old.length - start &&
    end < now.length - start &&
    old[old.length - 1 - end] === now[now.length - 1 - end]
  )
    end += 1;
  const from = Math.max(0, start - CONTEXT);
  const until = Math.max(0, end - CONTEXT);
  const body = [
    ...old.slice(from, start).map((line) => ` ${line}`),
    ...changed(old.slice(start, old.length - end), now.slice(start, now.length - end)),
    ...old.slice(old.length - end, old.length - until).map((line) => ` ${line}`),
  ];
  const range = (lines: readonly string[]) =>
    `${lines.length === 0 ? 0 : from + 1},${lines.length - from - until}`;
  return [
    `--- ${before === null ? '/dev/null' : path}`,
    `+++ ${after === null ? '/dev/null' : path}`,
    `@@ -${range(old)} +${range(now)} @@`,
    ...body,
    '',
  ].join('\n');
}

function linesOf(text: string | null): string[] {
  if (text === null || text === '') return [];
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  else lines[lines.length - 1] += '\n\\ No newline at end of file';
  return lines;
}

/** Longest common subsequence where that is affordable. */
function changed(old: readonly string[], now: readonly string[]): string[] {
  const minus = (lines: readonly string[]) => lines.map((line) => `-${line}`);
  const plus = (lines: readonly string[]) => lines.map((line) => `+${line}`);
  if (old.length === 0 || now.length === 0 || old.length * now.length > LONGEST_TABLE ** 2)
    return [...minus(old), ...plus(now)];
  const width = now.length + 1;
  const common = new Uint32Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i -= 1)
    for (let j = now.length - 1; j >= 0; j -= 1)
      common[i * width + j] =
        old[i] === now[j]
          ? (common[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(common[(i + 1) * width + j] ?? 0, common[i * width + j + 1] ?? 0);
  const out: string[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length && j < now.length) {
    if (old[i] === now[j]) out.push(` ${old[i++]}`, ...(j++, []));
    else if ((common[(i + 1) * width + j] ?? 0) >= (common[i * width + j + 1] ?? 0))
      out.push(`-${old[i++]}`);
    else out.push(`+${now[j++]}`);
  }
  return [...out, ...minus(old.slice(i)), ...plus(now.slice(j))];
}
