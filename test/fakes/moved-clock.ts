// Preloaded into a Node process of a test (`--import`), and handed on to what that starts: the wall clock is as
// far ahead as the file says that HOB_TEST_CLOCK names, in milliseconds. The monotonic clock, and with it
// every timer, stays.
import { readFileSync } from 'node:fs';

const { HOB_TEST_CLOCK: file } = process.env;
const Real = Date;
let ahead = 0;
let read = -Infinity;

function now(): number {
  // A person who moves the clock of a machine is not seen in the same millisecond either.
  if (performance.now() - read > 100) {
    read = performance.now();
    try {
      ahead = Number(readFileSync(String(file), 'utf8'));
    } catch {
      // No file: the clock is right.
    }
  }
  return Real.now() + ahead;
}

if (file !== undefined)
  globalThis.Date = new Proxy(Real, {
    construct: (date, args, as) => Reflect.construct(date, args.length === 0 ? [now()] : args, as),
    apply: () => new Real(now()).toString(),
    get: (date, name) => (name === 'now' ? now : Reflect.get(date, name)),
  });

// An extension host is given its own arguments and no NODE_OPTIONS; the host that it starts takes them from here.
process.env['NODE_OPTIONS'] = `--import ${import.meta.url}`;
