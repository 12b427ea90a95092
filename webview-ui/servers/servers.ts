// The servers tab: loaded with the first look at it, so that everything else is there sooner.
// oxlint-disable-next-line import/no-unassigned-import -- so that it stays in front of the schemas that both scripts share
import '../without-eval.ts';
import type { TemplateResult } from 'lit';
import type { WireError } from '#schema/envelope/errors.ts';
import type { RunView } from '#schema/views/run.ts';
import { wireOf } from '../link/link.ts';
import type { PanelState } from '../state/model.ts';
import type { Dispatch } from '../state/store.ts';
import type { TabPorts } from '../views/lazy-tab.ts';
import { failureText } from '../words/failure.ts';
import { evolveServers, trialArguments, type ServersMessage } from './evolve.ts';
import { initialServers, type NewServer, type ServersState } from './model.ts';
import { serverOf } from './new-server.ts';
import type { ServersActions } from './views/context.ts';
import { serversView } from './views/list.ts';
import { isUnderWay } from './words.ts';

/** A burst of events is answered by one reading. */
const REREAD_MS = 80;
/** How often a server that is about to come up is looked at. */
const STARTING_MS = 1_000;

/** How long the host is asked to wait for the next step of a sign-in. */
const SIGN_IN_MS = 20_000;

const ADD_BUTTON = '.servers .connect-row button';
/** The first thing to fill in of a form, else its first button. */
const fieldOf = (form: string): string => `${form} :is(input, select, textarea, button)`;

const isChanging = ({ list }: ServersState): boolean =>
  list?.some(
    ({ health, login }) =>
      health.state === 'starting' || health.state === 'waiting' || isUnderWay(login),
  ) === true;

/** External MCP servers: what the host says of them, and the hands on them. */
export class Servers implements ServersActions {
  readonly #ports: TabPorts;
  #state: ServersState = initialServers;
  #isShown = false;
  #seen = 0;
  #stopWaiting: () => void = () => undefined;

  constructor(ports: TabPorts) {
    this.#ports = ports;
  }

  get state(): ServersState {
    return this.#state;
  }

  get panel(): Dispatch {
    return this.#ports.dispatch;
  }

  draw(panel: PanelState): TemplateResult {
    return serversView({ panel, state: this.#state, act: this });
  }

  /** The panel changed: another tab, another event, another state of a run. */
  see(panel: PanelState): void {
    const isShown = panel.ui.tab === 'servers' && panel.bridge?.state === 'connected';
    const isNews = panel.events.some(
      ({ seq, event_type }) => seq > this.#seen && event_type.startsWith('server.'),
    );
    this.#seen = panel.lastSeq;
    if (isShown && (isNews || !this.#isShown)) this.#readIn(this.#isShown ? REREAD_MS : 0);
    if (!isShown) this.#stopWaiting();
    this.#isShown = isShown;
    this.#seeTrial(panel);
  }

  dispatch(message: ServersMessage): void {
    const next = evolveServers(this.#state, message);
    if (next === this.#state) return;
    this.#state = next;
    this.#ports.changed();
  }

  /** Unfolds one and reads it; unfolded, folds it. */
  toggle(name: string): void {
    const isOpen = this.#state.open?.name === name;
    this.dispatch({ kind: 'open', name: isOpen ? null : name });
    if (!isOpen) this.#try(this.#readTools());
  }

  toggleTool(tool: string): void {
    const isOpen = this.#state.open?.openTool === tool;
    this.dispatch({ kind: 'open_tool', tool: isOpen ? null : tool });
  }

  toggleLog(name: string): void {
    if (this.#state.open?.lines !== null)
      return this.dispatch({ kind: 'lines', name, lines: null });
    this.#try(this.#readLog(name));
  }

  restart(name: string): void {
    this.#act(this.#ports.link.request('server.restart', { name }), `${name} is started again.`);
  }

  stop(name: string): void {
    const words = `${name} is ended. The next call of one of its tools starts it again.`;
    this.#act(this.#ports.link.request('server.stop', { name }), words);
  }

  turnOff(name: string): void {
    const words = `${name} is turned off. Nothing of it is called until you start it.`;
    this.#act(this.#ports.link.request('server.stop', { name, off: true }), words);
  }

  /** Signs in, or goes on with it: a card asks where to, then a page in the browser. */
  signIn(name: string): void {
    this.#try(this.#signedIn(name));
  }

  finishSignIn(name: string, address: string): void {
    const asked = this.#ports.link.request('server.finish_login', { name, address });
    this.#act(asked, 'Hob has the answer, and asks for the tokens.');
  }

  cancelSignIn(name: string): void {
    this.#act(this.#ports.link.request('server.cancel_login', { name }), 'Signing in is ended.');
  }

  signOut(name: string): void {
    const words = `Signed out of ${name}. Its tokens are forgotten.`;
    this.#act(this.#ports.link.request('server.logout', { name }), words);
  }

  /** The first time it asks, the second time it does. */
  remove(name: string): void {
    if (this.#state.open?.removing !== true) {
      this.dispatch({ kind: 'removing', on: true });
      return this.#ports.focus('[data-hand="discard"]');
    }
    const reason = 'removed in the panel';
    const words = `${name} is removed. Nothing of it is called any more.`;
    this.#act(this.#ports.link.request('server.remove', { name, reason }), words);
    this.#ports.focus(ADD_BUTTON);
  }

  /** Not removed after all. */
  keep(): void {
    this.dispatch({ kind: 'removing', on: false });
    this.#ports.focus('[data-hand="trash"]');
  }

  /** Opens the form of a tool, or closes it. */
  setTrial(tool: string | null): void {
    this.dispatch({ kind: 'try', tool });
    this.#ports.focus(tool === null ? '[data-hand="try"]' : fieldOf('.try-form'));
  }

  /** Opens the form for a new server, or closes it. */
  setAdding(on: boolean): void {
    this.dispatch({ kind: 'add', on });
    this.#ports.focus(on ? fieldOf('.add-form') : ADD_BUTTON);
  }

  /** Asks again about what is quarantined. */
  review(name: string): void {
    this.#act(this.#ports.link.request('server.review', { name }), 'A card at the top asks again.');
  }

  add(): void {
    const { adding } = this.#state;
    if (adding === null || adding.sending) return;
    const made = serverOf(adding.fields);
    if (!made.ok) return this.dispatch({ kind: 'add_wrong', problem: made.problem });
    this.dispatch({ kind: 'add_sending' });
    this.#ports.link.request('server.add', made.asked).then(
      ({ run }) => this.#added(made.asked.name, run),
      (thrown: unknown) =>
        this.dispatch({ kind: 'add_wrong', problem: failureText(wireOf(thrown)) }),
    );
  }

  write(fields: Partial<NewServer>): void {
    this.dispatch({ kind: 'adding', fields });
  }

  /** Calls the tool that is tried with what stands in the form. */
  call(): void {
    const { open } = this.#state;
    const trial = open?.trial ?? null;
    if (open === null || trial === null || trial.asked.step === 'sending') return;
    const made = trialArguments(open, trial);
    if (!made.ok) return this.dispatch({ kind: 'trial_wrong', problems: made.problems });
    const wanted = { server: open.name, tool: trial.tool, arguments: made.value };
    this.dispatch({ kind: 'trial_asked', asked: { step: 'sending' } });
    this.#ports.link.request('server.call', wanted).then(
      ({ run }) => this.dispatch({ kind: 'trial_asked', asked: { step: 'run', run } }),
      (thrown: unknown) => this.#refused(wireOf(thrown)),
    );
  }

  cancelCall(run_id: string): void {
    const reason = 'stopped in the panel';
    this.#try(this.#ports.link.request('run.cancel', { run_id, reason }));
  }

  #refused(error: WireError): void {
    this.dispatch({ kind: 'trial_asked', asked: { step: 'refused', error } });
  }

  #added(name: string, run: RunView): void {
    const { message } = run.error ?? { message: `Hob said no (${run.policy.reason}).` };
    if (run.status === 'denied' || run.status === 'failed')
      return this.dispatch({ kind: 'add_wrong', problem: message });
    this.setAdding(false);
    this.#say(`A card at the top asks whether you want ${name}. Nothing starts before your yes.`);
  }

  /** The run of the trial is another one by now: its result is read with it. */
  #seeTrial({ runs }: PanelState): void {
    const asked = this.#state.open?.trial?.asked;
    if (asked?.step !== 'run') return;
    const { run_id, status } = asked.run;
    const now = runs.get(run_id)?.status;
    if (now === undefined || now === status || this.#reading === `${run_id} ${now}`) return;
    this.#reading = `${run_id} ${now}`;
    this.#try(
      this.#ports.link
        .request('run.get', { run_id })
        .then(({ run }) => this.dispatch({ kind: 'trial_run', run })),
    );
  }
  #reading = '';

  #readIn(ms: number): void {
    this.#stopWaiting();
    this.#stopWaiting = this.#ports.after(ms, () => void this.#read());
  }

  async #read(): Promise<void> {
    try {
      const { servers } = await this.#ports.link.request('server.list', {});
      this.dispatch({ kind: 'list', servers });
      await this.#readTools();
      const { open } = this.#state;
      if (open !== null && open.lines !== null) await this.#readLog(open.name);
    } catch (thrown) {
      this.dispatch({ kind: 'unread', error: wireOf(thrown) });
    }
    if (this.#isShown && isChanging(this.#state)) this.#readIn(STARTING_MS);
  }

  async #readTools(): Promise<void> {
    const name = this.#state.open?.name;
    if (name === undefined) return;
    const { tools } = await this.#ports.link.request('server.tools', { name });
    this.dispatch({ kind: 'tools', name, tools });
  }

  async #readLog(name: string): Promise<void> {
    const { lines } = await this.#ports.link.request('server.logs', { name });
    this.dispatch({ kind: 'lines', name, lines });
  }

  async #signedIn(name: string): Promise<void> {
    const { link, openPage } = this.#ports;
    let step = await link.request('server.login', { name, wait_ms: SIGN_IN_MS });
    for (let page = ''; ;) {
      const { server, url, approval_id } = step;
      this.dispatch({ kind: 'server', server });
      if (!isUnderWay(server.login)) {
        if (server.login?.state === 'signed_in') this.#say(`Signed in at ${name}.`);
        return this.#readIn(0);
      }
      if (url !== null && url !== page) openPage(url);
      if (url !== null) this.#say('Sign in on the page that opened in your browser.');
      else if (approval_id !== null) this.#say('A card at the top asks where Hob may connect to.');
      page = url ?? page;
      const after = server.login?.state ?? 'finishing';
      step = await link.request('server.login', { name, after, wait_ms: SIGN_IN_MS });
    }
  }

  #act(request: Promise<unknown>, words: string): void {
    this.#try(
      request.then(() => {
        this.#say(words);
        this.#readIn(0);
      }),
    );
  }

  #say(text: string): void {
    this.dispatch({ kind: 'said', said: { text, error: false } });
  }

  #try(request: Promise<unknown>): void {
    request.catch((thrown: unknown) =>
      this.dispatch({ kind: 'said', said: { text: failureText(wireOf(thrown)), error: true } }),
    );
  }
}
