import { html, type TemplateResult } from 'lit';
import { isConnected, orbView } from '../state/select.ts';
import { openOnes } from '../state/approvals.ts';
import type { PanelState } from '../state/model.ts';
import type { ViewContext } from './context.ts';
import { orb } from './orb.ts';
import { iconButton } from './parts.ts';

/** Something is on the cards or the sheet, so the orb makes room. */
export const isBusy = (state: PanelState): boolean =>
  openOnes(state.approvals).length > 0 ||
  state.inquiries.length > 0 ||
  state.settled.size > 0 ||
  state.connect !== null;

/** Who waits, and the three switches. */
export function header(context: ViewContext): TemplateResult {
  const { state, actions } = context;
  const view = orbView(state);
  const stopped = state.status?.kill_switch === true;
  const paused = state.status?.state === 'stopped';
  const switches = isConnected(state) && state.status !== null;
  return html`<header class="header">
    ${isBusy(state) ? orb(context, 'mark') : ''}
    <h1 class="header-title" tabindex="-1">
      ${isBusy(state) ? view.title : html`<span class="sr-only">Hob</span>`}
    </h1>
    <div class="header-actions" role="toolbar" aria-label="Hob">
      ${
        switches
          ? html`${iconButton(
              paused ? 'debug-continue' : 'debug-pause',
              paused
                ? 'Resume: let new calls in again'
                : 'Pause: refuse new calls until you resume',
              () => actions.setPaused(!paused),
              paused,
              // The second click of a double click must not take the first one back.
              paused ? 'resume' : undefined,
            )}
            ${iconButton(
              'stop-circle',
              stopped
                ? 'Turn the kill switch off'
                : 'Kill switch: start nothing any more, whatever was approved',
              () => actions.setKillSwitch(!stopped),
              stopped,
              stopped ? 'kill-switch-off' : undefined,
            )}`
          : ''
      }
      ${iconButton('gear', 'Settings', () => actions.runCommand('open_settings'))}
    </div>
  </header>`;
}
