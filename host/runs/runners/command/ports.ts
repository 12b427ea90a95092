/** Takes the bytes of one artifact as they come. Nothing it does ever fails the run. */
export interface ArtifactWriter {
  write(chunk: Buffer): void;
  /** Stores it and its event; null when that did not work. */
  finish(): Promise<string | null>;
}

/** Where output goes that is too long for an event. */
export interface Artifacts {
  /** At most `limit` bytes of one, by the SHA-256 of all of them; null when it is not there any more. */
  read(sha256: string, from: number, limit: number): Promise<Buffer | null>;
  open(about: { run_id: string; workspace_id: string; name: string }): ArtifactWriter;
}
