// How often a test kills what it tests. A machine too slow for all of it does fewer, and the test says how
// many; `HOB_KILLS` asks for a number, however long it takes.
const wanted = process.env['HOB_KILLS'];

export interface Kills {
  /** At most so many. */
  readonly most: number;
  /** Never fewer, however slow the machine is. */
  readonly least: number;
  /** Milliseconds after which `least` are enough. */
  readonly enoughMs: number;
}

/** Counts kills from 0, until there were enough. */
export function* kills({ most, least, enoughMs }: Kills): Generator<number> {
  const count = wanted === undefined ? most : Number(wanted);
  const enough = wanted === undefined ? performance.now() + enoughMs : Infinity;
  for (let n = 0; n < count && (n < least || performance.now() < enough); n++) yield n;
}
