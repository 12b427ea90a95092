/** What all processes of this machine see alike, whatever happens to the wall clock. */
export interface Machine {
  /** Names this boot; null where the system has no such name. */
  readonly bootId: string | null;
  /** Milliseconds of the machine's monotonic clock: comparable between processes of one boot. */
  uptime(): number;
}
