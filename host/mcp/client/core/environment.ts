/** What every server gets of the host's environment. Everything else was named when it was added. */
const always = new Set(['PATH', 'LANG', 'LANGUAGE', 'TZ', 'SYSTEMROOT', 'WINDIR', 'PATHEXT']);
/** Besides, when nothing isolates it: programs that are not isolated look for their files there. */
const atHome = new Set([
  'HOME',
  'USER',
  'LOGNAME',
  'TMPDIR',
  'TEMP',
  'TMP',
  'USERPROFILE',
  'APPDATA',
  'LOCALAPPDATA',
]);
/** Hob's own, and what would turn a child into a part of the editor. */
const withheld = /^(HOB|VSCODE|ELECTRON)_/i;

/** The environment of a server: the allow-list, what was named, and what is its own: values that were written down, and secrets. */
export function serverEnvironment(
  from: Readonly<Record<string, string | undefined>>,
  names: readonly string[],
  own: Readonly<Record<string, string>>,
  isolated: boolean,
): Record<string, string> {
  const named = new Set(names);
  const passes = (name: string): boolean =>
    !withheld.test(name) &&
    (always.has(name.toUpperCase()) ||
      name.startsWith('LC_') ||
      named.has(name) ||
      (!isolated && atHome.has(name.toUpperCase())));
  const passed = Object.entries(from).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && passes(entry[0]),
  );
  return {
    ...Object.fromEntries(passed),
    ...(isolated ? { HOME: '/tmp/home', TMPDIR: '/tmp' } : {}),
    ...own,
  };
}
