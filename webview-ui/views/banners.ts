import { html, type TemplateResult } from 'lit';
import { isConnected, orbView } from '../state/select.ts';
import type { PanelState } from '../state/model.ts';
import { failureText } from '../words/failure.ts';
import type { PanelActions, ViewContext } from './context.ts';
import { isBusy } from './header.ts';
import { icon, iconButton, linkButton } from './parts.ts';

export interface Banner {
  readonly tone: 'error' | 'warning' | 'info';
  readonly icon: string;
  readonly title: string;
  readonly text: string;
  readonly act?: readonly [label: string, run: () => void][];
}

/** What keeps Hob from working at all, or null. Without cards the orb itself says it. */
export function trouble({ state, actions }: ViewContext): Banner | null {
  if (!isConnected(state)) return linkBanner(state, actions);
  return (
    killSwitchBanner(state, actions) ??
    degradedBanner(state, actions) ??
    pausedBanner(state, actions)
  );
}

/** What is wrong and what to do about it, most important first. */
export function banners(context: ViewContext): TemplateResult[] {
  const { state, actions } = context;
  const all = [
    isBusy(state) ? trouble(context) : null,
    ...workspaceBanners(state, actions),
    noticeBanner(state),
  ];
  return all.filter((one) => one !== null).map((one) => draw(one, actions));
}

function linkBanner(state: PanelState, actions: PanelActions): Banner | null {
  const { title, sentence } = orbView(state);
  const log: [string, () => void] = ['Show the log', () => actions.runCommand('show_log')];
  switch (state.bridge?.state) {
    case 'reconnecting':
      return { tone: 'warning', icon: 'sync', title, text: sentence };
    case 'fatal':
      return {
        tone: 'error',
        icon: 'error',
        title,
        text: sentence,
        act: [['Start it again', () => actions.runCommand('restart_host')], log],
      };
    case 'incompatible':
      return {
        tone: 'error',
        icon: 'versions',
        title,
        text: sentence,
        act: [['Reload the window', () => actions.runCommand('reload_window')], log],
      };
    default:
      return null;
  }
}

function workspaceBanners(state: PanelState, actions: PanelActions): (Banner | null)[] {
  if (!isConnected(state)) return [];
  const untrusted: Banner = {
    tone: 'warning',
    icon: 'workspace-untrusted',
    title: 'This workspace is not trusted',
    text: 'So nothing runs in it, whatever you approve.',
    act: [['Manage trust', () => actions.runCommand('manage_trust')]],
  };
  return [state.bridge?.trusted === false ? untrusted : null, deciderBanner(state)];
}

function pausedBanner(state: PanelState, actions: PanelActions): Banner | null {
  if (state.status?.state !== 'stopped') return null;
  return {
    tone: 'warning',
    icon: 'debug-pause',
    title: 'Paused',
    text: 'New calls are refused. What waits keeps waiting.',
    act: [['Resume', () => actions.setPaused(false)]],
  };
}

function killSwitchBanner(state: PanelState, actions: PanelActions): Banner | null {
  return state.status?.kill_switch === true
    ? {
        tone: 'error',
        icon: 'stop-circle',
        title: 'Kill switch on',
        text: 'Nothing starts, whatever was approved.',
        act: [['Turn it off', () => actions.setKillSwitch(false)]],
      }
    : null;
}

function degradedBanner(state: PanelState, actions: PanelActions): Banner | null {
  if (state.problem === null && state.status?.state !== 'degraded') return null;
  const text = state.status?.problem ?? (state.problem === null ? '' : failureText(state.problem));
  return {
    tone: 'error',
    icon: 'warning',
    title: 'Every action is refused',
    text,
    act: [['Show the log', () => actions.runCommand('show_log')]],
  };
}

function deciderBanner(state: PanelState): Banner | null {
  if (state.bridge === null || state.bridge.can_decide || state.status === null) return null;
  switch (state.bridge.decider_status) {
    case 'pending':
      return {
        tone: 'info',
        icon: 'key',
        title: 'This editor may not decide yet',
        text: 'Approve its enrolment in an editor that already may.',
      };
    case 'failed':
      return {
        tone: 'error',
        icon: 'key',
        title: 'This editor cannot decide',
        text:
          state.bridge.detail ??
          'Its key could not be enrolled. You can still answer in another editor.',
      };
    default:
      return null;
  }
}

const noticeBanner = (state: PanelState): Banner | null =>
  state.notice === null
    ? null
    : {
        tone: state.notice.error ? 'error' : 'info',
        icon: state.notice.error ? 'error' : 'info',
        title: '',
        text: state.notice.text,
      };

function draw(banner: Banner, actions: PanelActions): TemplateResult {
  const isNotice = banner.title === '';
  return html`<div class="banner banner-${banner.tone}" role="status">
    ${icon(banner.icon)}
    <div class="banner-words">
      ${isNotice ? '' : html`<strong>${banner.title}</strong>`}
      <span>${banner.text}</span>
      ${
        isNotice || banner.act === undefined
          ? ''
          : html`<span class="banner-acts"
              >${banner.act.map(([label, run]) => linkButton(label, run))}</span
            >`
      }
    </div>
    ${isNotice ? iconButton('close', 'Dismiss', () => actions.dispatch({ kind: 'notice_closed' })) : ''}
  </div>`;
}
