// The host as this window has it: found or started, connected twice, and connected again when it breaks.
// `extension` carries the window's own commands and the calls it must execute; `panel` carries what the
// webview says, so that the host sees two principals.
import * as vscode from 'vscode';
import type { CommandInput, CommandName, CommandResult } from '#schema/commands/registry.ts';
import type { EventEnvelope } from '#schema/envelope/envelope.ts';
import { CONTRACT_VERSION } from '#schema/envelope/version.ts';
import { buildLabel } from '#schema/client/build-label.ts';
import { LinkError } from '#schema/client/errors.ts';
import type { HostClient, RequestOptions } from '#schema/client/host-client.ts';
import { HostLink } from '#schema/client/host-link.ts';
import { openHost } from '#schema/client/open-host.ts';
import { findNode } from './node-runtime.ts';
import { hostStateOf, type HostState } from './host-state.ts';

export type HostFacts = CommandResult<'host.version'>;

/** Done on every new connection before its first event. Failures are the step's own business. */
export type Preparation = (client: HostClient, facts: HostFacts) => Promise<void>;

export interface HostOptions {
  /** dist/host.js of this extension. */
  hostScript: string;
  /** Where Hob keeps its data; asked again at every start. */
  dataDir: () => string;
  /** `hob.host.nodePath`. */
  nodePath: () => string;
  workspaceId: string;
  log: vscode.LogOutputChannel;
}

/** A panel connection that comes up a moment after the other one is looked at again this often. */
const PANEL_RETRIES = 5;
const PANEL_RETRY_MS = 200;

export class Host implements vscode.Disposable {
  readonly #o: HostOptions;
  readonly #preparations: Preparation[] = [];
  readonly #stateEmitter = new vscode.EventEmitter<HostState>();
  readonly #eventEmitter = new vscode.EventEmitter<EventEnvelope>();
  readonly #panelEventEmitter = new vscode.EventEmitter<EventEnvelope>();
  readonly onDidChangeState = this.#stateEmitter.event;
  /** Every stored event and every event for this window. */
  readonly onEvent = this.#eventEmitter.event;
  /** What the panel subscribed to. */
  readonly onPanelEvent = this.#panelEventEmitter.event;
  #extension: HostLink;
  #panel: HostLink;
  #state: HostState = { kind: 'connecting', detail: null };
  #facts: HostFacts | null = null;
  #wasConnected = false;
  #panelRetries = 0;
  #nodePath = process.execPath;
  #disposed = false;

  constructor(options: HostOptions) {
    this.#o = options;
    this.#extension = this.#extensionLink();
    this.#panel = this.#panelLink();
  }

  get state(): HostState {
    return this.#state;
  }

  /** What the host said of itself when the connection was made; null before the first one. */
  get facts(): HostFacts | null {
    return this.#facts;
  }

  /** Adds a step to every connection from now on. */
  prepare(step: Preparation): void {
    this.#preparations.push(step);
  }

  /** Begins to look for the host. Returns at once; `onDidChangeState` tells what came of it. */
  start(): void {
    void this.#checkNodeAndStart();
  }

  /** As role `extension`, from this window's workspace. Rejects with HostCallError or LinkError. */
  request<N extends CommandName>(
    command: N,
    payload: CommandInput<N>,
    options: RequestOptions = {},
  ): Promise<CommandResult<N>> {
    const { workspaceId } = this.#o;
    return this.#extension.request(command, payload, { workspaceId, ...options });
  }

  /** The same as role `panel`. */
  panelRequest<N extends CommandName>(
    command: N,
    payload: CommandInput<N>,
    options: RequestOptions = {},
  ): Promise<CommandResult<N>> {
    const { workspaceId } = this.#o;
    return this.#panel.request(command, payload, { workspaceId, ...options });
  }

  /** Asks the host to end, if there is one, and starts anew: with the settings of now, and a new count of tries. */
  async restart(): Promise<void> {
    this.#o.log.info('restarting the host');
    await this.#extension
      .request('host.shutdown', { drain: true, reason: 'restarted by hand' })
      .catch(() => undefined);
    await this.#closeLinks();
    if (this.#disposed) return;
    this.#extension = this.#extensionLink();
    this.#panel = this.#panelLink();
    await this.#checkNodeAndStart();
  }

  dispose(): void {
    this.#disposed = true;
    void this.#closeLinks();
    this.#stateEmitter.dispose();
    this.#eventEmitter.dispose();
    this.#panelEventEmitter.dispose();
  }

  async #checkNodeAndStart(): Promise<void> {
    const node = await findNode(this.#o.nodePath());
    if (this.#disposed) return;
    if (!node.ok) return this.#become({ kind: 'fatal', detail: node.message });
    this.#nodePath = node.nodePath;
    this.#extension.start();
  }

  async #closeLinks(): Promise<void> {
    await Promise.allSettled([this.#panel.dispose(), this.#extension.dispose()]);
  }

  #extensionLink(): HostLink {
    const link: HostLink = new HostLink({
      open: (signal) =>
        openHost({
          role: 'extension',
          principalHint: vscode.env.appName,
          dataDir: this.#o.dataDir(),
          program: this.#program(),
          replaceOlder: true,
          signal,
        }),
      subscription: {},
      prepare: (client) => this.#prepare(client),
      onEvent: (event) => this.#eventEmitter.fire(event),
      onState: (state) => {
        if (link !== this.#extension) return;
        this.#o.log.debug(`extension link: ${state.state}`);
        if (state.state === 'connected') this.#connectPanel();
        this.#update();
      },
    });
    return link;
  }

  #panelLink(): HostLink {
    const link: HostLink = new HostLink({
      open: (signal) =>
        openHost({
          role: 'panel',
          principalHint: vscode.env.appName,
          dataDir: this.#o.dataDir(),
          signal,
        }),
      onEvent: (event) => this.#panelEventEmitter.fire(event),
      onState: (state) => {
        if (link !== this.#panel) return;
        if (state.state === 'waiting') this.#retryPanel(link);
        this.#update();
      },
    });
    return link;
  }

  #program(): { nodePath: string; hostScript: string; build: string } {
    const { hostScript } = this.#o;
    return { nodePath: this.#nodePath, hostScript, build: buildLabel(hostScript) };
  }

  async #prepare(client: HostClient): Promise<void> {
    const facts = await client.request('host.version', {});
    if (!facts.versions.includes(CONTRACT_VERSION)) throw new LinkError('host_too_new');
    this.#facts = facts;
    for (const step of this.#preparations) await step(client, facts);
  }

  #connectPanel(): void {
    this.#panelRetries = PANEL_RETRIES;
    this.#panel.start();
    this.#panel.retry();
  }

  /** The panel's own link has no host to start; it follows the other one closely instead of backing off. */
  #retryPanel(link: HostLink): void {
    if (this.#extension.state.state !== 'connected' || this.#panelRetries === 0) return;
    this.#panelRetries -= 1;
    setTimeout(() => link.retry(), PANEL_RETRY_MS);
  }

  #update(): void {
    this.#become(hostStateOf(this.#extension.state, this.#panel.state, this.#wasConnected));
  }

  #become(state: HostState): void {
    if (this.#disposed) return;
    const { kind, detail } = this.#state;
    if (kind === state.kind && detail === state.detail) return;
    this.#state = state;
    if (state.kind === 'connected') this.#wasConnected = true;
    this.#o.log.info(`host ${state.kind}${state.detail === null ? '' : `: ${state.detail}`}`);
    this.#stateEmitter.fire(state);
  }
}
