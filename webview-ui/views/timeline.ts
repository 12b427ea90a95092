import { html, type TemplateResult } from 'lit';
import type { PanelState } from '../state/model.ts';
import type { PanelActions } from './context.ts';

/** What of the timeline is listed, and how more of it is read. */
export interface TimelinePart {
  readonly events: PanelState['events'];
  readonly complete: boolean;
  readonly actions: PanelActions;
  older(): void;
}

export const timelineList = (state: PanelState, part: TimelinePart): TemplateResult =>
  html`<hob-timeline
    .events=${part.events}
    .runs=${state.runs}
    .asked=${state.asked}
    .agents=${state.agents}
    .everything=${state.ui.everything}
    .open=${state.ui.openEvent}
    .now=${state.now}
    .complete=${part.complete}
    .actions=${part.actions}
    .older=${() => part.older()}
  ></hob-timeline>`;
