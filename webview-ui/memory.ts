import * as z from 'zod';
import type { TaskView } from '#schema/views/task.ts';
import { tabNames, type PanelState, type Remembered } from './state/model.ts';

/** VS Code's side of a webview. */
export interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: Remembered): void;
}

/** What this panel kept: enough to be listed with Undo, whatever else an earlier version kept of it. */
const isTask = (kept: unknown): boolean =>
  z.object({ task_id: z.string(), name: z.string(), updated_at: z.string() }).safeParse(kept)
    .success;

const rememberedSchema = z.object({
  draft: z.string(),
  tab: z.enum(tabNames),
  dismissed: z.array(z.string()),
  scroll: z.number().default(0),
  everything: z.boolean().default(false),
  search: z.string().nullable().default(null),
  removed: z.array(z.object({ task: z.custom<TaskView>(isTask), at: z.number() })).default([]),
});
/** Dismissed notes that a reload still knows; more are not on show anyway. */
const MAX_DISMISSED = 50;

/** What the panel knows again after a reload: drafts, where it was, and what can be undone. Everything else is asked anew. */
export class Memory {
  readonly #vscode: VsCodeApi;
  #kept: Remembered | undefined;

  constructor(vscode: VsCodeApi) {
    this.#vscode = vscode;
    const kept = rememberedSchema.safeParse(vscode.getState());
    this.#kept = kept.success ? kept.data : undefined;
  }

  get kept(): Remembered | undefined {
    return this.#kept;
  }

  /** Written only when something of it changed. */
  keep({ ui, schedule }: PanelState, scroll = this.#kept?.scroll ?? 0): void {
    const dismissed = [...ui.dismissed].slice(-MAX_DISMISSED);
    const { draft, tab, everything, search } = ui;
    const { removed } = schedule;
    const next: Remembered = { draft, tab, dismissed, scroll, everything, search, removed };
    if (JSON.stringify(next) === JSON.stringify(this.#kept)) return;
    this.#kept = next;
    this.#vscode.setState(next);
  }
}
