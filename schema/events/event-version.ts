/*
 * Versions of stored data. A shipped version is frozen. So far every later version only added to the one
 * before (a field that may be missing, a value of an enumeration), so old data reads as new without
 * being changed; the first that does not brings its upgrade to this file.
 */

/** Events whose data is past version 1, with what the last version added. */
const later: Readonly<Record<string, number>> = {
  // 2: `source` may be `voice` or `wav`.
  'turn.started': 2,
  // 2: `signed.heard`, what a spoken decision rests on.
  'approval.decided': 2,
  'approval.held': 2,
  // 2: `call.server_tool`, and servers among the actions and runners.
  'run.created': 2,
  'approval.requested': 2,
  'toolcall.requested': 2,
  // 2: `left`, what a deleted task leaves undone.
  'task.deleted': 2,
  // 2: `cause_seq`, the last event that it has had.
  'task.restored': 2,
};

/** The version of its data that this build gives to an event it appends. */
export const eventVersionOf = (type: string): number => later[type] ?? 1;
