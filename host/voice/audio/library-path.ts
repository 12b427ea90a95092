import { createRequire } from 'node:module';
import * as path from 'node:path';

/** Where naudiodon was compiled, as its package names it. Only there where it was: the package is optional. */
export const NAUDIODON_BINARY = 'naudiodon/build/Release/naudiodon.node';

/**
 * What a sound process needs in its environment to find PortAudio. On Linux naudiodon looks for it only in
 * the folder where it was compiled, which is not where it was installed to.
 */
export function soundEnvironment(): Readonly<Record<string, string>> {
  if (process.platform !== 'linux') return {};
  try {
    const folder = path.dirname(createRequire(import.meta.url).resolve(NAUDIODON_BINARY));
    const others = process.env['LD_LIBRARY_PATH'];
    return { LD_LIBRARY_PATH: others ? `${folder}:${others}` : folder };
  } catch {
    return {};
  }
}
