// The built panel alone in Chromium: the page that the extension serves, with a strict CSP, the colours
// of a real theme, and the extension played by a script of replies. Whatever the panel sends is kept.
import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import * as path from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { findCommand, type CommandResult } from '#schema/commands/registry.ts';
import {
  requestSchema,
  type EventEnvelope,
  type RequestEnvelope,
} from '#schema/envelope/envelope.ts';
import type { WireError } from '#schema/envelope/errors.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import {
  bridgeFromPanelSchema,
  type BridgeFromPanel,
  type BridgeToPanel,
} from '#schema/views/bridge.ts';
import { matchesText } from '#schema/views/event-text.ts';
import { panelHtml } from '../../extension/panel/html.ts';
import { root } from '../../scripts/lib/steps.ts';
import { NOW } from '../fixtures/panel/builders.ts';
import { quiet, type Act, type Replies, type Scene } from '../fixtures/panel/scenes.ts';
import { themes, type ThemeName } from '../fixtures/panel/themes.ts';
import type { LiveEvent } from '../fixtures/panel/voice.ts';
import { BUSY_MS } from './harness/browser.ts';

/** Where the bundle is; a folder of one's own while working on the panel. */
const dist = process.env['HOB_PANEL_DIR'] ?? path.join(root, 'dist');
const nonce = 'bm9uY2Utb2YtdGhlLXBhbmVs';

const files: Readonly<Record<string, string>> = {
  'panel.js': 'text/javascript',
  'panel.css': 'text/css',
  'codicon.css': 'text/css',
  'codicon.ttf': 'font/ttf',
};
/** What the script of the panel loads besides, with the hash of its content. */
const part = /^panel\.[\w-]+\.js$/;

const bodyClass: Readonly<Record<ThemeName, string>> = {
  dark: 'vscode-dark',
  light: 'vscode-light',
  contrast: 'vscode-high-contrast',
};

function themeStyle(theme: ThemeName): string {
  const variables = Object.entries(themes[theme]).map(
    ([name, value]) => `--vscode-${name}: ${value};`,
  );
  return `:root { ${variables.join(' ')}
  --vscode-font-family: system-ui, "DejaVu Sans", sans-serif; --vscode-font-size: 13px;
  --vscode-editor-font-family: "DejaVu Sans Mono", monospace; --vscode-editor-font-size: 12px; }`;
}

/** The very page of the extension, with the colours that VS Code puts into it. */
function pageOf(theme: ThemeName, origin: string): string {
  const html = panelHtml({
    cspSource: origin,
    nonce,
    script: 'panel.js',
    styles: ['panel.css'],
    codicons: 'codicon.css',
  });
  return html
    .replace('</head>', `<style nonce="${nonce}">${themeStyle(theme)}</style></head>`)
    .replace('<body>', `<body class="${bodyClass[theme]}">`);
}

/** Serves the page and the files of the bundle on loopback. */
export async function servePanel(): Promise<{ url: string; stop(): Promise<void> }> {
  const server: Server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const name = pathname.slice(1);
    const type = part.test(name) ? 'text/javascript' : files[name];
    if (type !== undefined) {
      const folder = name.startsWith('codicon')
        ? path.join(root, 'node_modules/@vscode/codicons/dist')
        : dist;
      response.writeHead(200, { 'content-type': type }).end(readFileSync(path.join(folder, name)));
      return;
    }
    if (name !== '') return response.writeHead(name === 'favicon.ico' ? 204 : 404).end();
    const theme = (searchParams.get('theme') ?? 'dark') as ThemeName;
    return response
      .writeHead(200, { 'content-type': 'text/html' })
      .end(pageOf(theme, `http://${request.headers.host ?? ''}`));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

export interface PanelPage {
  readonly page: Page;
  /** Requests that the panel sent, in order. */
  readonly requests: readonly RequestEnvelope[];
  /** What it asked of the extension itself. */
  readonly told: readonly BridgeFromPanel[];
  /** CSP violations, page errors and console errors. */
  readonly problems: readonly string[];
  say(message: BridgeToPanel): Promise<void>;
  send(event: StoredEvent): Promise<void>;
  live(event: LiveEvent): Promise<void>;
  /** Answers from now on, over those of the scene. */
  reply(replies: Replies): void;
  /** Lets so much time pass for the panel's clock. */
  pass(ms: number): Promise<void>;
  act(acts: readonly Act[]): Promise<void>;
  /** The colours of another theme, as when the person changes it. */
  wear(theme: ThemeName): Promise<void>;
  /** Same webview state, new document. */
  reload(): Promise<void>;
  /** Another scene in the same page, as if the panel were opened for the first time. */
  show(scene: Drawn): Promise<void>;
  close(): Promise<void>;
}

export interface PanelOptions {
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
  readonly motion?: 'reduce' | 'no-preference';
  readonly scale?: number;
}

/** What of a scene is needed to draw it. */
type Drawn = Pick<Scene, 'bridge' | 'replies' | 'acts'>;

/** Draws a scene. Everything that the host says in it has arrived when this resolves. */
export async function openPanel(
  browser: Browser,
  url: string,
  scene: Drawn,
  options: PanelOptions = {},
): Promise<PanelPage> {
  const { theme = 'dark', width = 320, height = 800, motion = 'reduce', scale = 1 } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    reducedMotion: motion,
    timezoneId: 'UTC',
    deviceScaleFactor: scale,
  });
  context.setDefaultTimeout(BUSY_MS);
  const panel = new FakeExtension(context, await context.newPage(), `${url}/?theme=${theme}`);
  await panel.open();
  await panel.show(scene);
  return panel;
}

const isFailure = (reply: unknown): reply is WireError =>
  typeof reply === 'object' && reply !== null && 'code' in reply && 'retryable' in reply;

class FakeExtension implements PanelPage {
  readonly page: Page;
  readonly requests: RequestEnvelope[] = [];
  readonly told: BridgeFromPanel[] = [];
  readonly problems: string[] = [];
  readonly #context: BrowserContext;
  readonly #url: string;
  #bridge: Scene['bridge'] = null;
  #replies: Replies = quiet;
  #now = NOW;
  #state: unknown = null;
  /** Requests received and not answered yet, so that a test can wait for silence. */
  #open = 0;

  constructor(context: BrowserContext, page: Page, url: string) {
    this.#context = context;
    this.page = page;
    this.#url = url;
  }

  /** Everything that lasts as long as the page; nothing is drawn yet. */
  async open(): Promise<void> {
    const { page } = this;
    page.on('pageerror', (error) => this.problems.push(`page error: ${error.message}`));
    page.on('console', (line) => {
      // A picture of a page with WebGL, which only tests take, reads pixels back; drivers remark on that.
      if (line.text().includes('GPU stall due to ReadPixels')) return;
      if (line.type() === 'error' || line.type() === 'warning')
        this.problems.push(`console: ${line.text()}`);
    });
    await page.exposeFunction('hobPost', (message: unknown) => this.#receive(message));
    await page.exposeFunction('hobSetState', (state: unknown) => {
      this.#state = state;
    });
  }

  async show(scene: Drawn): Promise<void> {
    this.#bridge = scene.bridge;
    this.#replies = { ...quiet, ...scene.replies };
    this.#state = null;
    this.#now = NOW;
    for (const list of [this.requests, this.told, this.problems]) list.length = 0;
    await this.page.clock.setFixedTime(this.#now);
    await this.#installApi();
    await this.page.goto(this.#url);
    await this.#settle();
    await this.act(scene.acts ?? []);
  }

  async #installApi(): Promise<void> {
    // Runs before the panel, outside its CSP, as VS Code's own preload does.
    await this.page.addInitScript((state: string) => {
      const world = window as unknown as Record<string, unknown> & {
        hobPost(m: unknown): Promise<void>;
        hobSetState(s: unknown): Promise<void>;
      };
      world['acquireVsCodeApi'] = () => ({
        postMessage: (message: unknown) => void world.hobPost(message),
        getState: () => JSON.parse(state) as unknown,
        setState: (value: unknown) => void world.hobSetState(value),
      });
      document.addEventListener('securitypolicyviolation', (event) => {
        console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
      });
    }, JSON.stringify(this.#state));
  }

  async #receive(message: unknown): Promise<void> {
    if (typeof message === 'object' && message !== null && 'bridge' in message) {
      const told = bridgeFromPanelSchema.parse(message);
      this.told.push(told);
      if (told.bridge === 'ready' && this.#bridge !== null) await this.say(this.#bridge);
      return;
    }
    const request = requestSchema.parse(message);
    this.requests.push(request);
    this.#open++;
    await this.#post(this.#answer(request));
    this.#open--;
  }

  #answer(request: RequestEnvelope): object {
    const { request_id, command } = request;
    const row = findCommand(command);
    const reply = this.#replyTo(request);
    const fail = (error: WireError): object => ({ v: 1, request_id, ok: false, error });
    if (row === undefined)
      return fail({ code: 'unknown_command', message: command, retryable: false });
    const payload = row.payload.safeParse(request.payload);
    if (!payload.success) {
      this.problems.push(`${command}: ${payload.error.message}`);
      return fail({ code: 'invalid_payload', message: payload.error.message, retryable: false });
    }
    if (reply === undefined)
      return fail({ code: 'internal_error', message: `no reply to ${command}`, retryable: false });
    return isFailure(reply)
      ? fail(reply)
      : { v: 1, request_id, ok: true, payload: row.result.parse(reply) };
  }

  /** The same list answers several questions; what a filter leaves out is left out here too. */
  #replyTo({ command, payload }: RequestEnvelope): unknown {
    const reply = (this.#replies as Record<string, unknown>)[command];
    if (command === 'approval.list' && reply !== undefined && !isFailure(reply)) {
      const wanted = (payload['status'] ?? ['pending', 'held']) as string[];
      const all = reply as CommandResult<'approval.list'>;
      const approvals = all.approvals.filter((one) => wanted.includes(one.status));
      return { approvals, total: approvals.length };
    }
    if (command === 'event.query' && reply !== undefined && !isFailure(reply)) {
      const { events, head_seq } = reply as CommandResult<'event.query'>;
      const types = payload['event_type'] as string[] | undefined;
      const text = payload['text'] as string | undefined;
      const to = (payload['to_seq'] as number | undefined) ?? Infinity;
      const fit = events.filter(
        (one) =>
          one.seq <= to &&
          (types === undefined || types.includes(one.event_type)) &&
          (text === undefined || matchesText(one, [], text)),
      );
      return { events: fit.slice(0, (payload['limit'] as number | undefined) ?? 100), head_seq };
    }
    return reply;
  }

  async #post(message: object): Promise<void> {
    await this.page
      .evaluate((data) => window.postMessage(data, '*'), message)
      .catch(() => undefined);
  }

  async say(message: BridgeToPanel): Promise<void> {
    await this.#post(message);
    await this.#settle();
  }

  async send(event: StoredEvent): Promise<void> {
    const envelope: EventEnvelope = {
      v: 1,
      event_id: event.event_id,
      event: 'event.appended',
      payload: JSON.parse(JSON.stringify(event)) as EventEnvelope['payload'],
      seq: event.seq,
    };
    await this.#post(envelope);
    await this.#settle();
  }

  /** An event of the moment, which is never stored. */
  async live({ event, payload }: LiveEvent): Promise<void> {
    await this.#post({ v: 1, event_id: randomUUID(), event, payload });
    await this.#settle();
  }

  reply(replies: Replies): void {
    this.#replies = { ...this.#replies, ...replies };
  }

  async pass(ms: number): Promise<void> {
    this.#now += ms;
    await this.page.clock.setFixedTime(this.#now);
  }

  async act(acts: readonly Act[]): Promise<void> {
    for (const act of acts) {
      if ('click' in act) await this.page.locator(act.click).first().click();
      else if ('type' in act) await this.page.locator(act.into).fill(act.type);
      else if ('press' in act) await this.page.keyboard.press(act.press);
      else if ('wait' in act) await this.pass(act.wait);
      else if ('live' in act) await this.live(act.live);
      else if ('say' in act) await this.say(act.say);
      else if ('reply' in act) this.reply(act.reply);
      else await this.send(act.send);
      await this.#settle();
    }
  }

  async wear(theme: ThemeName): Promise<void> {
    const change = { style: themeStyle(theme), name: bodyClass[theme] };
    await this.page.evaluate(({ style, name }) => {
      const element = document.querySelector('style');
      if (element !== null) element.textContent = style;
      document.body.className = name;
    }, change);
  }

  async reload(): Promise<void> {
    await this.#installApi();
    await this.page.reload();
    await this.#settle();
  }

  /** No request is open and two frames were drawn since. */
  async #settle(): Promise<void> {
    let quietFrames = 0;
    for (let i = 0; i < 60 && quietFrames < 2; i++) {
      await this.page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
      quietFrames = this.#open === 0 ? quietFrames + 1 : 0;
    }
  }

  async close(): Promise<void> {
    await this.#context.close();
  }
}
