/**
 * Makes a path absolute by joining it to `cwd`, and nothing more: `..` stays, since only the file
 * system knows what it means behind a symlink (the gate takes the realpath). `~` stays too, so that
 * it can never be mistaken for a folder inside the workspace.
 */
export function absolutePath(path: string, cwd: string): string {
  const plain = path.startsWith('file://') ? fromFileUrl(path) : path;
  if (/^(?:[/\\~]|[A-Za-z]:[/\\]|[a-z][a-z0-9+.-]*:)/.test(plain)) return plain;
  return cwd.endsWith('/') ? cwd + plain : `${cwd}/${plain}`;
}

function fromFileUrl(url: string): string {
  try {
    return decodeURIComponent(url.replace(/^file:\/\/[^/]*/, ''));
  } catch {
    return url;
  }
}

/** The folder part of a glob pattern: `src/**`+`/*.ts` looks only below `src`. */
export function globRoot(pattern: string): string {
  const fixed = pattern.split(/[*?[{]/, 1)[0] ?? '';
  return fixed === pattern ? pattern : fixed.replace(/[^/]*$/, '');
}
