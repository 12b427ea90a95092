import { html, nothing } from 'lit';
import type { ViewContext } from './context.ts';
import type { Drawn } from './parts.ts';

/** A schedule that this sentence deleted, typed or spoken, is had back by a button, too. */
export function undo(
  { state, actions }: ViewContext,
  turnId: string | null,
  closes: 'turn_closed' | 'spoken_closed',
): Drawn {
  const taskId = state.deletedBy.get(turnId ?? '');
  if (taskId === undefined) return nothing;
  const act = (): void => actions.schedule.restore(taskId, closes);
  return html`<span class="turn-acts">
    <vscode-button secondary @click=${act}>Undo</vscode-button>
  </span>`;
}
