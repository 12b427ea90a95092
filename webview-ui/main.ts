/*
 * The panel's webview. The page that the extension serves holds nothing but links: codicon.css with
 * the id `vscode-codicon-stylesheet` and the nonce (@vscode-elements looks for it), panel.css, and this script.
 */
// oxlint-disable-next-line import/no-unassigned-import -- must come before every schema
import './without-eval.ts';
// oxlint-disable-next-line import/no-unassigned-import -- importing it defines <vscode-button>
import '@vscode-elements/elements/dist/vscode-button/index.js';
import * as z from 'zod';
import { Actions } from './actions.ts';
import { initialGuard, judge, observe, type Observation } from './guard/act-guard.ts';
import { LayoutWatch } from './guard/layout-watch.ts';
import { actOnKey, meaningOf, type KeyPlace } from './keys.ts';
import { Link } from './link/link.ts';
import { uuidOf } from './link/new-id.ts';
import { Sync } from './link/sync.ts';
import { initialState, type PanelState, type Remembered } from './state/model.ts';
import { Store } from './state/store.ts';
import { HobPanel } from './views/panel-element.ts';
import { HobTimeline } from './views/timeline-element.ts';
// oxlint-disable-next-line import/no-unassigned-import -- the bundler makes dist/panel.css of it
import './styles/panel.css';

/** VS Code's side of a webview. */
interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: Remembered): void;
}
declare const acquireVsCodeApi: () => VsCodeApi;

const vscode = acquireVsCodeApi();
const now = (): number => Date.now();

const rememberedSchema = z.object({
  draft: z.string(),
  tab: z.enum(['timeline', 'grants', 'agents']),
  dismissed: z.array(z.string()),
  scroll: z.number(),
});
/** Dismissed notes that a reload still knows; more are not on show anyway. */
const MAX_DISMISSED = 50;

function remembered(): Remembered | undefined {
  const kept = rememberedSchema.safeParse(vscode.getState());
  return kept.success ? kept.data : undefined;
}

let kept: Remembered | undefined = remembered();
const dismissedOf = ({ ui }: PanelState): readonly string[] =>
  [...ui.dismissed].slice(-MAX_DISMISSED);

/** Keeps what a reload must know; a new object for VS Code only when something of it changed. */
function remember(state: PanelState, scroll: number): void {
  const { draft, tab } = state.ui;
  const next: Remembered = { draft, tab, dismissed: dismissedOf(state), scroll };
  if (JSON.stringify(next) === JSON.stringify(kept)) return;
  kept = next;
  vscode.setState(next);
}

const after = (ms: number, run: () => void): (() => void) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};

customElements.define('hob-timeline', HobTimeline);
customElements.define('hob-panel', HobPanel);
const panel = new HobPanel();
const watch = new LayoutWatch(panel);

let guard = initialGuard;
const see = (seen: Observation): void => {
  guard = observe(guard, seen);
};
const attended = (): boolean =>
  document.visibilityState === 'visible' && (guard.windowFocused ?? document.hasFocus());

const store = new Store(initialState(now(), kept), (state) => {
  panel.state = state;
  remember(state, kept?.scroll ?? 0);
});

const link = new Link(
  {
    post: (message) => vscode.postMessage(message),
    newId: () => uuidOf(crypto.getRandomValues(new Uint8Array(16))),
    after,
  },
  {
    event: (envelope) => sync.receive(envelope),
    bridge: (message) => {
      switch (message.bridge) {
        case 'state': {
          const before = store.state.bridge?.state;
          store.dispatch({ kind: 'bridge', state: message });
          if (message.state === 'connected' && before !== 'connected') sync.connected();
          if (message.state !== 'connected' && before === 'connected') sync.disconnected();
          return;
        }
        case 'focus_approval':
          return store.dispatch({ kind: 'focus_approval', approval_id: message.approval_id });
        case 'draft':
          return store.dispatch({ kind: 'draft', text: message.text });
        case 'window':
          return see({ kind: 'window', focused: message.focused, at: now() });
      }
    },
  },
);
const sync: Sync = new Sync(
  {
    request: (command, payload) => link.request(command, payload),
    after,
    state: () => store.state,
    attended,
  },
  store.dispatch,
);
const actions = new Actions({
  store,
  link,
  readOlder: () => sync.older(),
  judge: (control, by) => {
    if (by === 'key' && !watch.bringIntoView(control)) {
      see({ kind: 'moved', ids: [control], at: now() });
    }
    return judge(guard, control, by, now());
  },
});

/** Notes what came, went and moved since the last look. */
function look(isScroll: boolean): void {
  const { shown, moved } = watch.look();
  see({ kind: 'shown', ids: shown, at: now() });
  if (!isScroll && moved.length > 0) see({ kind: 'moved', ids: moved, at: now() });
}

function placeOf(target: EventTarget | null): KeyPlace {
  if (!(target instanceof Element)) return 'elsewhere';
  if (target.matches('input[type="text"], textarea, select')) return 'text';
  if (target.closest('[role="tablist"], .timeline-scroll') !== null) return 'text';
  return target.closest('[data-guard]') === null ? 'elsewhere' : 'answer';
}

// Before any element: a button of @vscode-elements would take Enter for a click.
document.addEventListener(
  'keydown',
  (event) => {
    if (!actOnKey(meaningOf(event, placeOf(event.target)), store, actions)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  },
  { capture: true },
);
window.addEventListener('message', (event) => link.receive(event.data));
window.addEventListener('focus', () => see({ kind: 'panel_focused', at: now() }));
window.addEventListener(
  'scroll',
  ({ target }) => {
    look(true);
    if (target instanceof Element && target.matches('.main'))
      remember(store.state, target.scrollTop);
  },
  { capture: true, passive: true },
);
window.addEventListener('resize', () => look(false));
new ResizeObserver(() => look(false)).observe(panel);

/** Clocks on cards go by the second; without one, times are good enough every quarter of a minute. */
const QUICK_MS = 1_000;
const SLOW_MS = 15_000;
let lastTick = now();
setInterval(() => {
  if (document.visibilityState !== 'visible') return;
  const { approvals } = store.state;
  if (approvals.length === 0 && now() - lastTick < SLOW_MS) return;
  lastTick = now();
  const held = panel.querySelector('.cards:hover') !== null;
  store.dispatch({ kind: 'tick', now: lastTick, held });
}, QUICK_MS);
document.addEventListener('visibilitychange', () => {
  document.body.classList.toggle('is-hidden', document.visibilityState !== 'visible');
});

panel.actions = actions;
panel.state = store.state;
/** Where the cards were before a reload; once they are there again. */
let scrollBack = kept?.scroll ?? 0;
panel.onDrawn = () => {
  if (store.state.loaded && scrollBack > 0) {
    panel.querySelector('.main')?.scrollTo(0, scrollBack);
    scrollBack = 0;
  }
  look(false);
};
document.body.append(panel);
link.tell({ bridge: 'ready' });
