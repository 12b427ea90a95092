/** Takes the bytes of one artifact as they come. Nothing it does ever fails the run. */
export interface ArtifactWriter {
  write(chunk: Buffer): void;
  /** Stores it and its event; null when that did not work. */
  finish(): Promise<string | null>;
}

/** Where output goes that is too long for an event. */
export interface Artifacts {
  open(about: { run_id: string; workspace_id: string; name: string }): ArtifactWriter;
}
