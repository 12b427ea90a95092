import type { JsonObject } from '#schema/envelope/json.ts';

/** What a person wrote into the editor's settings, and what of an earlier writing the host was given. */
export interface Written {
  /** Setting of the host → value, for those that are written. */
  readonly written: JsonObject;
  /** What was given on last. */
  readonly pushed: JsonObject;
  /** What counts where nothing is written. */
  readonly defaults: JsonObject;
}

/**
 * What to tell the host: what was written since, and the default of what was written and is no more. What
 * was never written here is the panel's and other editors' to change.
 */
export function changesToPush({ written, pushed, defaults }: Written): JsonObject {
  const news = Object.entries(written).filter(([name, value]) => pushed[name] !== value);
  const gone = Object.keys(pushed).flatMap((name) => {
    const value = written[name] === undefined ? defaults[name] : undefined;
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries([...news, ...gone]);
}
