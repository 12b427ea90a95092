import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where the build put the model; null where nobody built or installed it. */
export function modelFolder(): string | null {
  const folder = fileURLToPath(new URL('host/voice/model/moonshine', dist()));
  return existsSync(folder) ? folder : null;
}

/** The folder of the bundles, from the sources and from a bundle. */
export const dist = (): URL =>
  new URL(import.meta.url.endsWith('.ts') ? '../../../../dist/' : './', import.meta.url);
