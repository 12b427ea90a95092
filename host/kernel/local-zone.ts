let known: string | null = null;

/**
 * The time zone of this machine, an IANA name. Asked for once: it takes half a millisecond, each sentence needs it,
 * and a process goes on in the zone that it began with whatever becomes of the system's.
 */
export function localZone(): string {
  known ??= Intl.DateTimeFormat().resolvedOptions().timeZone;
  return known;
}
