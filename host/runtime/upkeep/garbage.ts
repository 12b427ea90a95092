/** A file below the data directory, as the collector finds it. */
export interface FoundFile {
  /** Its folder within the data directory; empty for the directory itself. */
  readonly folder: string;
  readonly name: string;
  readonly bytes: number;
  /** When it was written last, in milliseconds. */
  readonly changedAt: number;
}

/** Folders that are looked through; nothing below them, and nothing else. */
export const COLLECTED_FOLDERS = ['', 'artifacts', 'backups'] as const;

/**
 * What is younger may belong to something that is going on: no command runs and no copy is made for
 * that long.
 */
const LEFT_ALONE_MS = 24 * 3_600_000;

const SHA_256 = /^[0-9a-f]{64}$/;

/** Names that only a host which was killed in between leaves behind, by folder. */
const unfinished: Readonly<Record<string, RegExp>> = {
  // An endpoint, or a database, that was to be renamed.
  '': /^(endpoint\.json\.[0-9a-f-]{36}|events\.db\.new(-wal|-shm|-journal)?)$/,
  artifacts: /^draft-[0-9a-f-]{36}$/,
  backups: /^events-[0-9TZ-]+\.db\.part(-wal|-shm|-journal)?$/,
};

/**
 * The files that nothing refers to: what a killed host had begun to write, and artifacts without the event
 * that names them. `isNamed`: an event names an artifact with these bytes.
 */
export function garbageAmong(
  files: readonly FoundFile[],
  isNamed: (sha256: string) => boolean,
  now: number,
): FoundFile[] {
  return files.filter(({ folder, name, changedAt }) => {
    if (now - changedAt < LEFT_ALONE_MS) return false;
    if (unfinished[folder]?.test(name) === true) return true;
    return folder === 'artifacts' && SHA_256.test(name) && !isNamed(name);
  });
}
