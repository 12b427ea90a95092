import type { Link } from '../link/link.ts';
import type { PanelState } from '../state/model.ts';
import type { Store } from '../state/store.ts';
import type { PanelActions } from '../views/context.ts';
import type { HobPanel } from '../views/panel-element.ts';
import { beginning } from '../words/call.ts';
import type { PressListeners } from './press.ts';
import { readableCards } from './readable-cards.ts';

/** The parts of the panel that talking concerns. */
export interface VoicePage {
  readonly panel: HobPanel;
  readonly store: Store;
  readonly actions: PanelActions;
  readonly link: Link;
  readonly press: PressListeners;
}

/** Connects the panel's talk key, what is on show, and the debug view. They last as long as the document. */
export function listenToVoice(page: VoicePage): void {
  listenToTalkKey(page.press);
  const tell = tellShown(page);
  window.addEventListener('scroll', tell, { capture: true, passive: true });
  window.addEventListener('resize', tell);
  document.addEventListener('visibilitychange', tell);
  const drawn = page.panel.onDrawn;
  let before: string | null = null;
  page.panel.onDrawn = () => {
    drawn();
    tell();
    const now = turnsToRead(page.store.state);
    if (now !== before && now !== null) page.actions.readSpokenTurns();
    before = now;
  };
}

/** Changes whenever the debug view has something new to show; null while nobody looks. */
function turnsToRead({ bridge, ui, voice: { spoken } }: PanelState): string | null {
  if (ui.tab !== 'voice' || bridge?.state !== 'connected') return null;
  return spoken?.ended === null ? '' : (spoken?.turn_id ?? '');
}

/** T, held while the focus is in the panel and not in a text. */
function listenToTalkKey(press: PressListeners): void {
  const isTalkKey = ({ key, ctrlKey, metaKey, altKey, target }: KeyboardEvent): boolean =>
    (key === 't' || key === 'T') &&
    !ctrlKey &&
    !metaKey &&
    !altKey &&
    target instanceof Element &&
    !target.matches('input, textarea, select');
  const asSpace = (event: KeyboardEvent): KeyboardEvent =>
    new KeyboardEvent(event.type, { key: ' ', repeat: event.repeat, cancelable: true });
  document.addEventListener('keydown', (event) => {
    if (isTalkKey(event)) press.keydown(asSpace(event));
  });
  document.addEventListener('keyup', (event) => {
    if (event.key === 't' || event.key === 'T') press.keyup(asSpace(event));
  });
  window.addEventListener('blur', () => press.leave());
}

/** Tells the host which questions can be read here, whenever that changed. */
function tellShown({ panel, store, link }: VoicePage): () => void {
  let told = '';
  return () => {
    const { state } = store;
    if (state.bridge?.state !== 'connected') {
      told = '';
      return;
    }
    const isWhole = (id: string): boolean => {
      const call = state.approvals.find((one) => one.approval_id === id)?.call;
      return call !== undefined && (state.ui.whole.has(id) || beginning(call).more === 0);
    };
    const approvals = readableCards(panel, isWhole);
    const now = approvals.join(' ');
    if (now === told) return;
    told = now;
    // The bridge puts in which window this is.
    link.request('client.shown_set', { window_id: 'this', approvals }).catch(() => {
      told = '';
    });
  };
}
