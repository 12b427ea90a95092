export interface HobProgram {
  /** Node, or the editor's own program, which stands in for it. */
  readonly node: string;
  readonly isElectron: boolean;
  /** dist/hob.js of this extension. */
  readonly script: string;
  /** As the person set it; null where environment and platform say it. */
  readonly dataDir: string | null;
}

/** A word as it stands, for a POSIX shell. */
const quoted = (word: string): string => `'${word.replaceAll("'", String.raw`'\''`)}'`;

/** `hob` for POSIX shells. */
export function shellScript({ node, isElectron, script, dataDir }: HobProgram): string {
  const set = [
    ...(isElectron ? ['export ELECTRON_RUN_AS_NODE=1'] : []),
    ...(dataDir === null ? [] : [`export HOB_DATA_DIR=${quoted(dataDir)}`]),
  ];
  return ['#!/bin/sh', ...set, `exec ${quoted(node)} ${quoted(script)} "$@"`, ''].join('\n');
}

/** `hob.cmd` for Windows. What stands between percent signs would be a variable. */
export function batchScript({ node, isElectron, script, dataDir }: HobProgram): string {
  const plain = (word: string): string => word.replaceAll('%', '%%');
  const set = [
    ...(isElectron ? ['@set ELECTRON_RUN_AS_NODE=1'] : []),
    ...(dataDir === null ? [] : [`@set "HOB_DATA_DIR=${plain(dataDir)}"`]),
  ];
  const start = `@"${plain(node)}" "${plain(script)}" %*`;
  return ['@setlocal', ...set, start, ''].join('\r\n');
}
