/** What every program may see of the host's environment. Everything else must be named by the call, and is shown with it. */
const allowed = new Set([
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'LANG',
  'LANGUAGE',
  'TZ',
  'TMPDIR',
  'SYSTEMROOT',
  'WINDIR',
  'COMSPEC',
  'PATHEXT',
  'TEMP',
  'TMP',
  'USERPROFILE',
  'USERNAME',
  'APPDATA',
  'LOCALAPPDATA',
  'PROGRAMDATA',
  'PROGRAMFILES',
]);

/** Hob's own, and what would turn a child into a part of the editor: never handed on, even when named. */
const withheld = /^(HOB|VSCODE|ELECTRON)_/i;

/** The environment of a command: the allow-list and what the call names. Names that are not set are left out. */
export function commandEnvironment(
  from: Readonly<Record<string, string | undefined>>,
  names: readonly string[],
): Record<string, string> {
  const wanted = new Set(names);
  const mayPass = (name: string): boolean =>
    !withheld.test(name) &&
    (allowed.has(name.toUpperCase()) || name.startsWith('LC_') || wanted.has(name));
  const passed = Object.entries(from).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && mayPass(entry[0]),
  );
  // There is no terminal and nobody to type: programs that know these ask for nothing.
  return { ...Object.fromEntries(passed), TERM: 'dumb', GIT_TERMINAL_PROMPT: '0' };
}
