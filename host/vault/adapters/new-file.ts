import { open, rm } from 'node:fs/promises';

/**
 * Keeps a key in a file for its owner alone. Never in the place of another one: what that one opens would be lost.
 * One that could not be written whole is not left there, where it would stand for a key.
 */
export async function writeNew(file: string, content: string | Uint8Array): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } catch (failure) {
    await rm(file, { force: true });
    throw failure;
  } finally {
    await handle.close();
  }
}
