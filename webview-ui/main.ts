/*
 * The panel's webview, put together. The page that the extension serves holds nothing but links:
 * codicon.css with the id `vscode-codicon-stylesheet` and the nonce (@vscode-elements looks for it),
 * panel.css, and this script.
 */
// oxlint-disable-next-line import/no-unassigned-import -- must come before every schema
import './without-eval.ts';
// oxlint-disable-next-line import/no-unassigned-import -- importing it defines <vscode-button>
import '@vscode-elements/elements/dist/vscode-button/index.js';
import type { BridgeState, BridgeToPanel } from '#schema/views/bridge.ts';
import { Actions } from './actions.ts';
import { FocusKeeper } from './focus-keeper.ts';
import { GuardKeeper } from './guard/guard-keeper.ts';
import { LayoutWatch } from './guard/layout-watch.ts';
import { takeLive } from './link/live.ts';
import { Link } from './link/link.ts';
import { uuidOf } from './link/new-id.ts';
import { Sync } from './link/sync.ts';
import { Memory, type VsCodeApi } from './memory.ts';
import { listenToPage } from './page-events.ts';
import { HobOrb } from './orb/orb-element.ts';
import { SoundLevel } from './orb/sound-level.ts';
import { initialState } from './state/model.ts';
import { serverQuestionsOf } from './state/select.ts';
import { Store } from './state/store.ts';
import type { ViewContext } from './views/context.ts';
import { LazyTab, type TabPart, type TabPorts } from './views/lazy-tab.ts';
import { HobLevel } from './views/level-element.ts';
import { HobPanel } from './views/panel-element.ts';
import { pressListeners } from './voice/press.ts';
import { listenToVoice } from './voice/voice-events.ts';
import { HobTimeline } from './views/timeline-element.ts';
// oxlint-disable-next-line import/no-unassigned-import -- the bundler makes dist/panel.css of it
import './styles/panel.css';

declare const acquireVsCodeApi: () => VsCodeApi;

const vscode = acquireVsCodeApi();
const now = (): number => Date.now();
const after = (ms: number, run: () => void): (() => void) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};

customElements.define('hob-orb', HobOrb);
customElements.define('hob-level', HobLevel);
customElements.define('hob-timeline', HobTimeline);
customElements.define('hob-panel', HobPanel);
const panel = new HobPanel();
const guard = new GuardKeeper(new LayoutWatch(panel), now);
const memory = new Memory(vscode);
const wasSearching = (memory.kept?.search ?? null) !== null;
const level = new SoundLevel();
const store = new Store(initialState(now(), memory.kept), (state) => {
  panel.state = state;
  memory.keep(state);
  for (const tab of Object.values(tabs)) tab.see(state);
});

const link = new Link(
  {
    post: (message) => vscode.postMessage(message),
    newId: () => uuidOf(crypto.getRandomValues(new Uint8Array(16))),
    after,
  },
  {
    event: (envelope) => {
      if (!takeLive(envelope, store.dispatch, level)) sync.receive(envelope);
    },
    bridge: (message) => onBridge(message),
  },
);
const sync: Sync = new Sync(
  {
    request: (command, payload) => link.request(command, payload),
    after,
    state: () => store.state,
    attended: () =>
      document.visibilityState === 'visible' && (guard.windowFocused ?? document.hasFocus()),
  },
  store.dispatch,
);
const focusKeeper = new FocusKeeper(panel, now);
const focus = (selector: string): void =>
  void panel.updateComplete.then(() => focusKeeper.to(selector));
const actions = new Actions({
  store,
  link,
  focus,
  readOlder: () => sync.older(),
  readTask: (taskId) => sync.task(taskId),
  after,
  judge: (control, by) => guard.judge(control, by),
});

const ports: TabPorts = {
  link,
  dispatch: store.dispatch,
  state: () => store.state,
  after,
  openPage: (url) => link.tell({ bridge: 'open_sign_in', url }),
  changed: () => panel.requestUpdate(),
  focus,
};
const lazy = (tab: 'agents' | 'servers' | 'voice', load: () => Promise<TabPart>): LazyTab =>
  new LazyTab({ isShown: (state) => state.ui.tab === tab, ports, load });
const tabs: ViewContext['tabs'] = {
  agents: lazy('agents', async () => {
    const { Agents } = await import('./agents/agents.ts');
    return new Agents(ports, actions);
  }),
  servers: lazy('servers', async () => {
    const { Servers } = await import('./servers/servers.ts');
    return new Servers(ports);
  }),
  voice: lazy('voice', async () => {
    const { voicePart } = await import('./views/voice-tab.ts');
    return voicePart(actions);
  }),
  questions: new LazyTab({
    isShown: (state) => serverQuestionsOf(state).length > 0,
    ports,
    async load() {
      const { ServerQuestions } = await import('./questions/questions.ts');
      return new ServerQuestions(ports, actions);
    },
  }),
  connect: new LazyTab({
    isShown: ({ connect }) => connect !== null,
    ports,
    async load() {
      const { connectPart } = await import('./views/connect.ts');
      return connectPart(actions);
    },
  }),
  search: new LazyTab({
    isShown: ({ ui }) => ui.tab === 'timeline' && ui.search !== null,
    ports,
    async load() {
      const { TimelineSearch } = await import('./search/search.ts');
      return new TimelineSearch({ ...ports, actions }, wasSearching);
    },
  }),
};

function onBridge(message: BridgeToPanel): void {
  switch (message.bridge) {
    case 'state':
      return onLinkState(message);
    case 'focus_approval':
      return store.dispatch({ kind: 'focus_approval', approval_id: message.approval_id });
    case 'draft':
      return store.dispatch({ kind: 'draft', text: message.text });
    case 'talk_problem':
      return store.dispatch({ kind: 'talk_problem', error: message.error });
    case 'window':
      return guard.windowIs(message.focused);
  }
}

function onLinkState(state: BridgeState): void {
  const before = store.state.bridge?.state;
  store.dispatch({ kind: 'bridge', state });
  if (state.state === 'connected' && before !== 'connected') sync.connected();
  if (state.state !== 'connected' && before === 'connected') sync.disconnected();
}

panel.actions = actions;
panel.tabs = tabs;
const press = pressListeners((act) => actions.talk(act));
panel.parts = { level, press };
panel.state = store.state;
listenToPage({ panel, store, actions, guard, memory, focus: focusKeeper, now });
listenToVoice({ panel, store, actions, link, press });
window.addEventListener('message', (event) => link.receive(event.data));
document.body.append(panel);
link.tell({ bridge: 'ready' });
