import type { ConnectPlan } from '#schema/views/agent.ts';
import { agentDisplays } from '#schema/views/hooked-agents.ts';
import type { AgentSpec } from './connect/spec.ts';
import type { ConfigEdit } from './connect/edit.ts';
import { lineDiff } from '#host/kernel/line-diff.ts';

/** A plan that cannot be made: which file, and why, in words. */
export interface PlanRefusal {
  readonly code: 'agent_config_invalid' | 'agent_config_changed' | 'not_found';
  readonly path: string;
  readonly why: string;
  /** What differs, for `agent_config_changed`. */
  readonly diff?: string;
}

export type Planned =
  | { readonly ok: true; readonly plan: ConnectPlan }
  | { readonly ok: false; readonly refusal: PlanRefusal };
export type Digest = (text: string) => string;

/** What Hob left behind when it wrote a file: enough to put every byte back. */
export interface UndoFile {
  readonly path: string;
  /** The file before Hob, whole; null when there was none. */
  readonly before: string | null;
  /** What Hob wrote. */
  readonly after: string;
  /** Folders that had to be made for it, the outermost first; records of before have none. */
  readonly folders?: readonly string[];
}

interface Inputs {
  readonly spec: AgentSpec;
  readonly edits: readonly ConfigEdit[];
  readonly found: ConnectPlan['found'];
  /** The files as they are now; null is "no such file". */
  readonly current: ReadonlyMap<string, string | null>;
  readonly digest: Digest;
}

/** What connecting would write. A file that is right already is not in the plan. */
export function planConnect(inputs: Inputs): Planned {
  const files: ConnectPlan['files'] = [];
  for (const edit of inputs.edits) {
    const before = inputs.current.get(edit.path) ?? null;
    if (edit.gone(before).length === 0) continue;
    const result = edit.add(before);
    if (!result.ok)
      return {
        ok: false,
        refusal: { code: 'agent_config_invalid', path: edit.path, why: result.why },
      };
    files.push(fileChange(edit.path, before, result.text));
  }
  return {
    ok: true,
    plan: withHash(
      inputs,
      files.length === 0 ? 'connected' : 'not_connected',
      files,
      inputs.spec.notes,
    ),
  };
}

/**
 * The way back. Untouched files get their old bytes. A file that changed since keeps those changes
 * and loses only Hob's part, which the plan's diff shows; where that part cannot be told from the
 * rest, undo refuses.
 */
export function planUndo(inputs: Inputs, record: readonly UndoFile[]): Planned {
  const files: ConnectPlan['files'] = [];
  const notes: string[] = [];
  for (const { path, before, after } of record) {
    const now = inputs.current.get(path) ?? null;
    if (now === before) continue;
    if (now === after) {
      files.push(fileChange(path, now, before));
      continue;
    }
    const left = withoutHob(inputs.edits, path, now);
    if (left === null || now === null) {
      const why =
        'It changed since Hob wrote it, and the part of Hob cannot be told from the rest. Take it out by hand.';
      return {
        ok: false,
        refusal: { code: 'agent_config_changed', path, why, diff: lineDiff(path, after, now) },
      };
    }
    notes.push(
      `${path} changed since Hob wrote it: only the part of Hob is taken out, your changes stay.`,
    );
    files.push(fileChange(path, now, left));
  }
  const state = notes.length > 0 ? 'changed' : files.length > 0 ? 'connected' : 'not_connected';
  return { ok: true, plan: withHash(inputs, state, files, notes) };
}

function withoutHob(edits: readonly ConfigEdit[], path: string, now: string | null): string | null {
  const edit = edits.find((candidate) => candidate.path === path);
  return edit === undefined || now === null ? null : edit.remove(now);
}

const fileChange = (path: string, before: string | null, after: string | null) => ({
  path,
  before,
  after,
  diff: lineDiff(path, before, after),
});

function withHash(
  inputs: Inputs,
  state: ConnectPlan['state'],
  files: ConnectPlan['files'],
  notes: readonly string[],
): ConnectPlan {
  const { spec, found, digest } = inputs;
  const bound = files.map(({ path, before, after }) => [path, before, after]);
  return {
    name: spec.agent,
    display: agentDisplays[spec.agent],
    found,
    state,
    files,
    covered: [...spec.covered],
    not_covered: [...spec.notCovered],
    notes: [...notes],
    plan_hash: digest(JSON.stringify([spec.agent, bound])),
  };
}
