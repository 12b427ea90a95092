import type { PanelMessage } from './message.ts';
import type { PanelState, UiState } from './model.ts';

const toggled = (set: ReadonlySet<string>, id: string): ReadonlySet<string> => {
  const next = new Set(set);
  if (!next.delete(id)) next.add(id);
  return next;
};

const added = (set: ReadonlySet<string>, id: string): ReadonlySet<string> => new Set(set).add(id);

const without = (set: ReadonlySet<string>, id: string): ReadonlySet<string> => {
  const next = new Set(set);
  next.delete(id);
  return next;
};

/** What only concerns this panel: selection, what is unfolded, drafts. */
export function evolveUi(state: PanelState, message: PanelMessage): PanelState {
  const ui = nextUi(state.ui, message);
  if (message.kind === 'dismiss') {
    return {
      ...state,
      ui,
      approvals: state.approvals.filter((one) => one.approval_id !== message.approval_id),
      settled: new Map([...state.settled].filter(([id]) => id !== message.approval_id)),
    };
  }
  return ui === state.ui ? state : { ...state, ui };
}

function nextUi(ui: UiState, message: PanelMessage): UiState {
  switch (message.kind) {
    case 'draft':
      return { ...ui, draft: message.text };
    case 'tab':
      return { ...ui, tab: message.tab, openEvent: null };
    case 'open_event':
      return { ...ui, openEvent: ui.openEvent === message.seq ? null : message.seq };
    case 'everything':
      return { ...ui, everything: message.on };
    case 'search':
      return { ...ui, search: message.text, openEvent: null };
    default:
      return nextCards(ui, message);
  }
}

function nextCards(ui: UiState, message: PanelMessage): UiState {
  switch (message.kind) {
    case 'select':
      // Looking at another card takes back the first half of a dangerous yes.
      return message.approval_id === ui.selected
        ? ui
        : { ...ui, selected: message.approval_id, confirming: null };
    case 'focus_approval':
      return {
        ...ui,
        selected: message.approval_id,
        confirming: null,
        opened: added(ui.opened, message.approval_id),
      };
    case 'toggle_open':
      return { ...ui, opened: toggled(ui.opened, message.approval_id) };
    case 'show_whole':
      return { ...ui, whole: added(ui.whole, message.approval_id) };
    case 'remember':
      return {
        ...ui,
        remembering: message.on
          ? added(ui.remembering, message.approval_id)
          : without(ui.remembering, message.approval_id),
      };
    case 'confirming':
      return { ...ui, confirming: message.approval_id, blocked: null };
    case 'blocked':
      return {
        ...ui,
        blocked: { id: message.approval_id, why: message.why, n: (ui.blocked?.n ?? 0) + 1 },
      };
    case 'dismiss':
      return { ...ui, dismissed: added(ui.dismissed, message.approval_id) };
    default:
      return ui;
  }
}
