import { openOnes } from './state/approvals.ts';
import { selectedCard } from './state/select.ts';
import type { Store } from './state/store.ts';
import { isListening } from './state/voice.ts';
import type { PanelActions } from './views/context.ts';

/** What a key means to the panel; null when it means nothing here. */
type KeyMeaning =
  | 'approve'
  | 'deny'
  | 'hold'
  | 'next'
  | 'previous'
  | 'back'
  | 'search'
  | 'swallow'
  | null;

interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly repeat: boolean;
}

/** Where the focus is when a key comes. */
export type KeyPlace = 'text' | 'answer' | 'elsewhere';

/**
 * Keys of the panel. In a text field they belong to the text: Ctrl+Backspace there deletes a word and
 * never denies. On an answer button plain Enter does nothing, since Enter acts on sentences only.
 * A key that is held down acts once, wherever. Esc takes a step back and never decides.
 */
export function meaningOf(press: KeyPress, place: KeyPlace): KeyMeaning {
  const command = (press.ctrlKey || press.metaKey) && !press.altKey && !press.shiftKey;
  if (command && press.key === 'f') return 'search';
  if (place === 'text') return null;
  if (command && press.key === 'Enter') return press.repeat ? 'swallow' : 'approve';
  if (command && press.key === 'Backspace') return press.repeat ? 'swallow' : 'deny';
  if (press.key === 'Enter' && (place === 'answer' || press.repeat)) return 'swallow';
  if (press.ctrlKey || press.metaKey || press.altKey) return null;
  switch (press.key) {
    case 'h':
    case 'H':
      return press.repeat ? 'swallow' : 'hold';
    case 'Escape':
      return 'back';
    case 'ArrowDown':
      return 'next';
    case 'ArrowUp':
      return 'previous';
    case ' ':
      return place === 'answer' && press.repeat ? 'swallow' : null;
    default:
      return null;
  }
}

/** Stops what listens or is open, in this order: the turn, the second step of a card, the sheet. */
function stepBack({ state }: Store, actions: PanelActions): boolean {
  const { dispatch } = actions;
  if (isListening(state.voice)) actions.talk('cancel');
  else if (state.voice.correcting !== null) actions.cancelTurn();
  else if (state.voice.devices !== null) actions.showDevices(false);
  else if (state.ui.confirming !== null) dispatch({ kind: 'confirming', approval_id: null });
  else if (state.connect !== null) dispatch({ kind: 'connect', connect: null });
  else return false;
  return true;
}

/** Does what a key means to the selected card. True when the key was ours. */
export function actOnKey(meaning: KeyMeaning, store: Store, actions: PanelActions): boolean {
  if (meaning === null) return false;
  if (meaning === 'swallow') return true;
  const { state } = store;
  if (meaning === 'back') return stepBack(store, actions);
  if (meaning === 'search') {
    actions.openSearch();
    return true;
  }
  const selected = selectedCard(state);
  if (selected === null) return false;
  const id = selected.approval_id;
  switch (meaning) {
    case 'approve':
      actions.decide(id, 'approve', 'key', state.ui.confirming === id);
      return true;
    case 'deny':
      actions.decide(id, 'deny', 'key');
      return true;
    case 'hold':
      actions.decide(id, selected.status === 'held' ? 'release' : 'hold', 'key');
      return true;
    case 'next':
    case 'previous': {
      const open = openOnes(state.approvals).map((one) => one.approval_id);
      const at = open.indexOf(id) + (meaning === 'next' ? 1 : -1);
      const next = open[Math.min(Math.max(at, 0), open.length - 1)];
      if (next !== undefined) actions.dispatch({ kind: 'select', approval_id: next });
      return true;
    }
  }
}
