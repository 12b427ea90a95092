import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** As editors name the folder of the package that has the model: with its publisher, and its version behind. */
const COMPANION = /^hob\.hob-hearing-\d/;

/** The folder of the bundles, from the sources and from a bundle. */
export const dist = (): URL =>
  new URL(import.meta.url.endsWith('.ts') ? '../../../../dist/' : './', import.meta.url);

/**
 * Where the model lies: where the build put it, or in the package beside Hob's own, the newest of them; null where nobody
 * built or installed it.
 * @param bundles  folder of the bundles
 */
export function modelFolder(bundles = fileURLToPath(dist())): string | null {
  const hob = join(bundles, '..');
  const beside = companions(join(hob, '..')).map((folder) => join(folder, 'model'));
  const places = [join(bundles, 'host/voice/model/moonshine'), ...beside];
  return places.find((place) => existsSync(join(place, 'contents.json'))) ?? null;
}

/** Newest first; none where the folder cannot be read, as that of somebody else. */
function companions(extensions: string): string[] {
  const newer = new Intl.Collator('en', { numeric: true });
  return namesIn(extensions)
    .filter((name) => COMPANION.test(name))
    .toSorted((a, b) => newer.compare(b, a))
    .map((name) => join(extensions, name));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
