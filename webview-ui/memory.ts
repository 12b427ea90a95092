import * as z from 'zod';
import { tabNames, type PanelState, type Remembered } from './state/model.ts';

/** VS Code's side of a webview. */
export interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: Remembered): void;
}

const rememberedSchema = z.object({
  draft: z.string(),
  tab: z.enum(tabNames),
  dismissed: z.array(z.string()),
  scroll: z.number().default(0),
  everything: z.boolean().default(false),
  search: z.string().nullable().default(null),
});
/** Dismissed notes that a reload still knows; more are not on show anyway. */
const MAX_DISMISSED = 50;

/** What the panel knows again after a reload: drafts and where it was. Everything else is asked anew. */
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
  keep({ ui }: PanelState, scroll = this.#kept?.scroll ?? 0): void {
    const dismissed = [...ui.dismissed].slice(-MAX_DISMISSED);
    const { draft, tab, everything, search } = ui;
    const next: Remembered = { draft, tab, dismissed, scroll, everything, search };
    if (JSON.stringify(next) === JSON.stringify(this.#kept)) return;
    this.#kept = next;
    this.#vscode.setState(next);
  }
}
