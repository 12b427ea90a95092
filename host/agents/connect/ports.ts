import type { ConnectPlan } from '#schema/views/agent.ts';
import type { AgentPlaces, AgentSpec } from '../core/connect/spec.ts';
import type { HookedAgent } from '../core/hook-request.ts';
import type { UndoFile } from '../core/connect.ts';

/** The agents' own files. Text is exact: what is read and written back has the same bytes. */
export interface ConfigFiles {
  /** null when there is no such file. Rejects with `agent_config_invalid` when it is not UTF-8 text. */
  read(path: string): Promise<string | null>;
  /**
   * Makes the file `next` (null removes it), if it is still exactly `expected`; else rejects with
   * `agent_config_changed`. Durable when it resolves; never a half-written file. `mode` is that of a
   * new file; one that is there keeps its own.
   */
  replace(path: string, expected: string | null, next: string | null, mode?: number): Promise<void>;
  /** Folders that are missing for a file to be there, the outermost first. */
  missingFolders(path: string): Promise<string[]>;
  /** Removes a folder when nothing is in it; else leaves it. */
  removeEmpty(folder: string): Promise<void>;
}

/** Looks for an installed agent. */
export interface AgentFinder {
  places(spec: AgentSpec): AgentPlaces;
  find(spec: AgentSpec): Promise<ConnectPlan['found']>;
}

/** What it takes to undo, kept in Hob's data directory. */
export interface UndoRecords {
  load(agent: HookedAgent): Promise<readonly UndoFile[]>;
  /** An empty list forgets the agent. */
  save(agent: HookedAgent, files: readonly UndoFile[]): Promise<void>;
}
