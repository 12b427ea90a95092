import { canonicalJson } from '#schema/envelope/canonical.ts';
import type { JsonObject } from '#schema/envelope/json.ts';

/**
 * The text two firings of one call share: who asked (session and turn), the tool and its exact
 * input. `session` may be missing for an agent that does not say; then the call never matches
 * another session's, since its own `once` text (an id or a time) is added by the caller.
 */
export function questionText(parts: {
  session: string | undefined;
  turn: string | undefined;
  tool: string;
  input: JsonObject;
  once?: string | undefined;
}): string {
  const { session = null, turn = null, once = null, tool, input } = parts;
  return canonicalJson({ session, turn, once, tool, input });
}

/**
 * The short key that goes over the wire: `q.<digest>` and, where the agent gave the call an id,
 * `q.<digest>.<id's digest>`. A firing without an id (Codex's PermissionRequest) belongs to the
 * last firing whose key starts with its own; two calls with the same input stay two questions.
 */
export function questionKey(
  text: string,
  callId: string | undefined,
  digest: (text: string) => string,
): string {
  const base = `q.${digest(text)}`;
  return callId === undefined ? base : `${base}.${digest(callId).slice(0, 32)}`;
}

/** True when `later`, which may lack the call's id, is a firing of the call that `earlier` names. */
export const isSameQuestion = (earlier: string, later: string): boolean =>
  earlier === later || earlier.startsWith(`${later}.`);
