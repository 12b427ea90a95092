import type { JsonObject } from '#schema/envelope/json.ts';

/** Local diagnostics. Never transcripts, prompts, tokens or file contents; `fields` are small and safe. */
export interface Log {
  info(message: string, fields?: JsonObject): void;
  warn(message: string, fields?: JsonObject): void;
  error(message: string, cause?: unknown, fields?: JsonObject): void;
}

export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} };
