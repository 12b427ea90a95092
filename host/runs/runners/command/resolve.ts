import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import * as path from 'node:path';
import { HobError } from '#host/kernel/errors.ts';
import { isWithin } from '#host/policy/core/places.ts';

/**
 * The real folder in which a command runs: `cwd`, relative ones below the first folder of the
 * workspace, after every symlink. Throws `no_editor` where no window has a folder of it open,
 * and `path_outside_workspace`.
 */
export async function resolveFolder(
  cwd: string | undefined,
  folders: readonly string[],
): Promise<string> {
  const [first] = folders;
  if (first === undefined)
    throw new HobError('no_editor', {
      message:
        'There is no folder to run it in: no editor window has one open. Open a folder in the editor, then ask again.',
    });
  const named = path.resolve(first, cwd ?? '.');
  const outside = (cause?: unknown): HobError =>
    new HobError('path_outside_workspace', {
      message: 'The folder is not inside the workspace, or does not exist.',
      cause,
    });
  const real = await realpath(named).catch((cause: unknown) => Promise.reject(outside(cause)));
  const roots = await Promise.all(folders.map((folder) => realpath(folder).catch(() => null)));
  if (
    !roots.some((root) => root !== null && isWithin(real, root)) ||
    !(await stat(real)).isDirectory()
  )
    throw outside();
  return real;
}

/** The real file of the program that `name` means in `cwd`. Throws `command_not_found`. */
export async function resolveProgram(
  name: string,
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  for (const candidate of candidates(name, cwd, env)) {
    const real = await program(candidate);
    if (real !== null) return real;
  }
  throw new HobError('command_not_found', {
    message: `There is no program "${name.slice(0, 128)}" that may be executed.`,
  });
}

function candidates(
  name: string,
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): string[] {
  const hasFolder = name.includes('/') || (path.sep === '\\' && name.includes('\\'));
  // A relative entry of PATH would make the folder of the call choose the program.
  const folders = (env['PATH'] ?? env['Path'] ?? '')
    .split(path.delimiter)
    .filter((folder) => path.isAbsolute(folder));
  const bases = hasFolder
    ? [path.resolve(cwd, name)]
    : folders.map((folder) => path.join(folder, name));
  if (process.platform !== 'win32') return name === '' ? [] : bases;
  // A .cmd or .bat would need a shell, and a shell reads its arguments anew.
  return bases.flatMap((base) =>
    /\.(exe|com)$/i.test(base) ? [base] : [`${base}.exe`, `${base}.com`],
  );
}

async function program(file: string): Promise<string | null> {
  try {
    const real = await realpath(file);
    await access(real, constants.X_OK);
    return (await stat(real)).isFile() ? real : null;
  } catch {
    return null;
  }
}
