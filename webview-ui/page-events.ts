import type { FocusKeeper } from './focus-keeper.ts';
import type { GuardKeeper } from './guard/guard-keeper.ts';
import { actOnKey, meaningOf, type KeyPlace } from './keys.ts';
import type { Memory } from './memory.ts';
import type { Store } from './state/store.ts';
import type { PanelActions } from './views/context.ts';
import type { HobPanel } from './views/panel-element.ts';

/** The parts of the panel that events of the page concern. */
export interface PageParts {
  readonly panel: HobPanel;
  readonly store: Store;
  readonly actions: PanelActions;
  readonly guard: GuardKeeper;
  readonly memory: Memory;
  readonly focus: FocusKeeper;
  now(): number;
}

/** Connects keys, focus, scrolling, resizing and time. They last as long as the document. */
export function listenToPage(parts: PageParts): void {
  listenToKeys(parts);
  const { panel, store, guard, memory } = parts;
  window.addEventListener('focus', () => guard.panelFocused());
  window.addEventListener('resize', () => guard.look(false));
  new ResizeObserver(() => guard.look(false)).observe(panel);
  window.addEventListener(
    'scroll',
    ({ target }) => {
      guard.look(true);
      const isCards = target instanceof Element && target.matches('.main');
      if (isCards) memory.keep(store.state, target.scrollTop);
    },
    { capture: true, passive: true },
  );
  document.addEventListener('visibilitychange', () => {
    document.body.classList.toggle('is-hidden', document.visibilityState !== 'visible');
  });
  keepTime(parts);
  lookAfterDrawing(parts);
}

/** Before any element hears of a key: a button of @vscode-elements would take Enter for a click. */
function listenToKeys({ panel, store, actions, focus }: PageParts): void {
  document.addEventListener(
    'keydown',
    (event) => {
      const place = placeOf(event.target);
      const isStray = presses(event, place) && focus.isJustMovedTo(event.target);
      const meaning = isStray ? 'swallow' : meaningOf(event, place);
      if (!actOnKey(meaning, store, actions)) return;
      if (meaning !== 'back' && meaning !== 'search')
        void panel.updateComplete.then(() => focus.toSelected());
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    { capture: true },
  );
}

/** It would press what has the focus, or send what stands in the field. */
const presses = ({ key, ctrlKey, metaKey }: KeyboardEvent, place: KeyPlace): boolean =>
  (key === 'Enter' && !ctrlKey && !metaKey) || (key === ' ' && place !== 'text');

function placeOf(target: EventTarget | null): KeyPlace {
  if (!(target instanceof Element)) return 'elsewhere';
  if (target.matches('input[type="text"], textarea, select')) return 'text';
  if (target.closest('[role="tablist"], .timeline-scroll') !== null) return 'text';
  // Other guarded buttons decide no question: Enter presses them as it presses any.
  return target.closest('.cards [data-guard]') === null ? 'elsewhere' : 'answer';
}

const QUICK_MS = 1_000;
const SLOW_MS = 15_000;

/** Clocks on cards go by the second; without one, times are good enough every quarter of a minute. */
function keepTime({ panel, store, now }: PageParts): void {
  setInterval(() => {
    if (document.visibilityState !== 'visible') return;
    const { state } = store;
    if (state.approvals.length === 0 && now() - state.now < SLOW_MS) return;
    const held = panel.querySelector('.cards:hover') !== null;
    store.dispatch({ kind: 'tick', now: now(), held });
  }, QUICK_MS);
}

/** After each drawing: where everything is now, and once, where the cards were before a reload. */
function lookAfterDrawing({ panel, store, guard, memory, focus }: PageParts): void {
  let scrollBack = memory.kept?.scroll ?? 0;
  panel.onDrawn = () => {
    if (store.state.loaded && scrollBack > 0) {
      panel.querySelector('.main')?.scrollTo(0, scrollBack);
      scrollBack = 0;
    }
    focus.look();
    guard.look(false);
  };
}
