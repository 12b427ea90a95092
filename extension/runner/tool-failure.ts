import { editorToolErrors, type EditorToolErrorCode } from '#schema/views/editor-tools.ts';
import type { JsonObject } from '#schema/envelope/json.ts';
import type { WireError } from '#schema/envelope/errors.ts';

/** An editor tool that did not do what it should: crosses the wire as the error of `toolcall.fail`. */
export class ToolFailure extends Error {
  readonly code: EditorToolErrorCode;
  readonly details: JsonObject | undefined;

  /** @param message what to do about it; by default the sentence of the code */
  constructor(code: EditorToolErrorCode, message?: string, details?: JsonObject) {
    super(message ?? editorToolErrors[code].message);
    this.name = 'ToolFailure';
    this.code = code;
    this.details = details;
  }

  toWire(): WireError {
    const { code, message, details } = this;
    const { retryable } = editorToolErrors[code];
    return { code, message, retryable, ...(details === undefined ? {} : { details }) };
  }
}
