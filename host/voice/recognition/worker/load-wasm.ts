import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Loads an Emscripten package and takes back what it does to the process: its handlers of uncaught errors
 * print the whole of its source and hide where the error came from.
 */
export async function loadWasm<T>(
  file: string,
  start: (exported: Create<T>) => Promise<T> | T,
): Promise<T> {
  const events = ['uncaughtException', 'unhandledRejection'] as const;
  const before = events.map((event) => new Set(process.listeners(event as 'uncaughtException')));
  const loaded = (await import(file)) as { default: Create<T> };
  const module = await start(loaded.default);
  for (const [at, event] of events.entries())
    for (const listener of process.listeners(event as 'uncaughtException'))
      if (!before[at]?.has(listener)) process.off(event, listener as () => void);
  return module;
}

type Create<T> = (options?: object) => Promise<T> | T;

/** URL of a package's entry, as Node finds it from here: beside the sources, and inside an installed extension. */
export const packageEntry = (name: string): string => import.meta.resolve(name);

export const folderOf = (url: string): string => dirname(fileURLToPath(url));
