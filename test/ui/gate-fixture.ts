// A person at the installed package and agents at its gate: a workbench with the panel in sight, MCP
// clients as other agents embed them (SDK 1.x), and what a test asks about cards and runs.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { Frame, Locator, Page } from 'playwright-core';
import { endedRunStatuses } from '#schema/views/run.ts';
import { root } from '../../scripts/lib/steps.ts';
import { BUSY_MS } from './harness/browser.ts';
import { installOnce, palette, startWorkbench, webviewFrame } from './harness/workbench.ts';
import type { Workbench, WorkbenchOptions, WorkbenchWindow } from './harness/workbench.ts';

/** What run_command and get_run answer. */
export interface RunAnswer {
  status: string;
  run_id: string;
  approval_id?: string | null;
  exit_code?: number | null;
  stdout?: string;
  reason?: string | null;
  [name: string]: unknown;
}

export interface Agent {
  /** Asks to run a program, and goes on asking, as agents do, until that has ended. */
  run(argv: readonly string[]): Promise<RunAnswer>;
  call(tool: string, args: Record<string, unknown>): Promise<RunAnswer>;
  close(): Promise<void>;
}

const isEnded = ({ status }: RunAnswer): boolean =>
  (endedRunStatuses as readonly string[]).includes(status);

/** A click sooner than this after a card came does not count, by rule. */
export const SETTLE_MS = 700;

export class Gate {
  readonly workbench: Workbench;
  readonly folder: string;
  readonly #agents: Agent[] = [];

  constructor(workbench: Workbench, folder: string) {
    this.workbench = workbench;
    this.folder = folder;
  }

  /** Opens the folder in one more window of the same person, with the panel in sight. */
  async openWindow(folder = this.folder): Promise<GateWindow> {
    const window = await this.workbench.openWindow(folder);
    const opened = new GateWindow(window);
    await opened.showPanel();
    return opened;
  }

  /** Starts an MCP client that calls itself `name`, as an agent's configuration would; `token` proves it. */
  async agent(name: string, folder = this.folder, token?: string): Promise<Agent> {
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [path.join(root, 'dist/hob.js'), 'mcp', '--as', name],
      env: {
        ...(process.env as Record<string, string>),
        ...this.workbench.dirs.env,
        ...(token === undefined ? {} : { HOB_AGENT_TOKEN: token }),
      },
      cwd: folder,
      stderr: 'ignore',
    });
    const client = new Client({ name, version: '1.0.0' });
    await client.connect(transport);
    const call: Agent['call'] = async (tool, args) => {
      const limit = { timeout: BUSY_MS };
      const result = await client.callTool({ name: tool, arguments: args }, undefined, limit);
      assert.ok(result['structuredContent'], `${tool}: ${JSON.stringify(result)}`);
      return result['structuredContent'] as RunAnswer;
    };
    const agent: Agent = {
      call,
      run: async (argv) => {
        let answer = await call('run_command', { argv });
        while (!isEnded(answer)) {
          const { run_id } = answer;
          answer = { ...answer, ...(await call('get_run', { run_id, wait_ms: 30_000 })) };
        }
        return answer;
      },
      close: () => client.close(),
    };
    this.#agents.push(agent);
    return agent;
  }

  /** What `hob ARGS --json` prints, as a person in a terminal asks it. */
  cli(...args: string[]): Record<string, unknown> {
    const { all, env } = this.#program(args);
    const text = execFileSync(process.execPath, all, { env, encoding: 'utf8' });
    return JSON.parse(text) as Record<string, unknown>;
  }

  /** The same without holding up this process, whose hand may be on a key. */
  async ask(...args: string[]): Promise<Record<string, unknown>> {
    const [first] = await this.documents(...args);
    return first ?? {};
  }

  /** All that a command prints, one document a line. */
  async documents(...args: string[]): Promise<Record<string, unknown>[]> {
    const { all, env } = this.#program(args);
    const { stdout } = await promisify(execFile)(process.execPath, all, { env });
    return stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  #program(args: readonly string[]): { all: string[]; env: NodeJS.ProcessEnv } {
    const { dirs } = this.workbench;
    const program = path.join(root, 'dist/hob.js');
    const all = [program, ...args, '--data-dir', dirs.dataDir, '--json'];
    return { all, env: { ...process.env, ...dirs.env } };
  }

  /** The process that the endpoint file names. */
  hostPid(): number {
    const pid = this.#endpointPid();
    assert.ok(pid !== null, 'no host has written its endpoint');
    return pid;
  }

  /** Null while there is no host. */
  #endpointPid(): number | null {
    const file = path.join(this.workbench.dirs.dataDir, 'endpoint.json');
    if (!existsSync(file)) return null;
    return (JSON.parse(readFileSync(file, 'utf8')) as { pid: number }).pid;
  }

  /** Waits until another process than `before` is the host. */
  async nextHost(before: number): Promise<void> {
    const deadline = performance.now() + BUSY_MS;
    for (;;) {
      const pid = this.#endpointPid();
      if (pid !== null && pid !== before) return;
      assert.ok(performance.now() < deadline, 'no other host came');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** An editor outlives its last window for seconds, and would start a host again. */
  async untilNoWindow(): Promise<void> {
    const deadline = performance.now() + BUSY_MS;
    while ((this.cli('call', 'runtime.status') as { windows: number }).windows > 0) {
      assert.ok(performance.now() < deadline, 'a window is still connected');
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }

  /** Waits until the host has ended, and with it the last to know its endpoint. */
  async untilNoHost(): Promise<void> {
    const deadline = performance.now() + BUSY_MS;
    while (this.#endpointPid() !== null) {
      assert.ok(performance.now() < deadline, 'the host did not end');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async closeAgents(): Promise<void> {
    await Promise.allSettled(this.#agents.splice(0).map((agent) => agent.close()));
  }

  async stop(): Promise<void> {
    await this.closeAgents();
    await this.workbench.stop();
  }
}

/** One window with its panel. The webview's frame is looked up again after every reload. */
export class GateWindow {
  readonly window: WorkbenchWindow;
  #panel: Frame | undefined;

  constructor(window: WorkbenchWindow) {
    this.window = window;
  }

  get page(): Page {
    return this.window.page;
  }

  get panel(): Frame {
    assert.ok(this.#panel, 'the panel has not been shown');
    return this.#panel;
  }

  /** Shows the panel and waits until it may decide. */
  async showPanel(): Promise<void> {
    const icon = this.page.locator('.activitybar .action-item', {
      has: this.page.locator('a.action-label[aria-label^="Hob"]'),
    });
    await icon.waitFor();
    // Not by a click: on the icon of what a window that is still restoring shows by itself, it would hide it.
    await palette(this.page, 'Hob: Show Panel');
    await this.findPanel();
  }

  async findPanel(): Promise<void> {
    this.#panel = await webviewFrame(this.page, 'hob-panel .say-input:not([disabled])');
  }

  /** No list, message or editor is left of what was done here before; the panel is in sight. */
  async tidy(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await palette(this.page, 'View: Close All Editors');
    await palette(this.page, 'Notifications: Clear All Notifications');
    await this.showPanel();
    // The panel opens the tab that was open last.
    const timeline = this.panel.getByRole('tab', { name: 'Timeline' });
    if ((await timeline.getAttribute('aria-selected')) !== 'true') await timeline.click();
  }

  /** The open list or input of the palette. */
  quickInput(): Locator {
    return this.page.locator('.quick-input-widget:not([style*="display: none"])');
  }

  /** The row of a list that a command of the palette opens. */
  async listed(command: string, text: string): Promise<Locator> {
    await palette(this.page, command);
    const row = this.quickInput().locator('.monaco-list-row', { hasText: text });
    await row.waitFor();
    return row;
  }

  /**
   * Enter in the very moment in which a list shows this row, the list of a command or one that is open:
   * from inside the page, because a key from outside may come a second later.
   */
  async enterAsListed(command: string | null, text: string): Promise<void> {
    const pressed = this.page.evaluate(
      (words) =>
        new Promise<void>((done) => {
          const look = (): void => {
            const rows = document.querySelectorAll('.quick-input-list .monaco-list-row');
            if (![...rows].some((row) => row.textContent.includes(words))) return;
            observer.disconnect();
            const key = { key: 'Enter', code: 'Enter', keyCode: 13, bubbles: true };
            document
              .querySelector('.quick-input-widget input')
              ?.dispatchEvent(new KeyboardEvent('keydown', key));
            done();
          };
          const observer = new MutationObserver(look);
          observer.observe(document.body, { subtree: true, childList: true, characterData: true });
          look();
        }),
      text,
    );
    if (command !== null) await palette(this.page, command);
    await pressed;
  }

  /** The open card of a call whose text contains this. */
  card(text: string): Locator {
    return this.panel.locator('article.card[data-approval]', { hasText: text });
  }

  /** Waits for the card, brings its answers into view, and waits until they count. */
  async settledCard(text: string): Promise<Locator> {
    const card = this.card(text);
    await card.waitFor();
    await card.locator('.answers').scrollIntoViewIfNeeded();
    await this.page.waitForTimeout(SETTLE_MS);
    return card;
  }

  /** Clicks a button of a card as a person does: again, when the panel says that it did not count. */
  async press(card: Locator, label: string): Promise<void> {
    const button = card.getByText(label, { exact: true });
    // A custom element says by its attribute that it is off, and a button that did its work goes.
    const isTaken = () =>
      button.evaluateAll((all) => all.every((it) => it.hasAttribute('disabled')));
    const deadline = performance.now() + BUSY_MS;
    await button.click();
    while (!(await isTaken())) {
      assert.ok(performance.now() < deadline, `nothing came of "${label}"`);
      await this.page.waitForTimeout(100);
      if ((await card.locator('p.remark[role="status"]').count()) === 0) continue;
      await this.page.waitForTimeout(SETTLE_MS);
      // By now it may have gone, and that is as good.
      await button.click({ timeout: SETTLE_MS }).catch(() => undefined);
    }
  }

  async answer(text: string, answer: 'Approve' | 'Deny' | 'Hold' | 'Release'): Promise<void> {
    await this.press(await this.settledCard(text), answer);
  }

  /** The line of the status bar. */
  status(): Locator {
    return this.page.locator(
      '.statusbar-item[id="hob.hob.hob.state"], .statusbar-item[id$="hob.state"]',
    );
  }
}

/** A workbench of its own with the package in it; no window is open yet. */
export async function startGate(options: WorkbenchOptions = {}): Promise<Gate> {
  const workbench = await startWorkbench({
    extensionsDir: await installOnce(),
    ...options,
  });
  return new Gate(workbench, workbench.makeFolder(files));
}

/** The workspace of these tests: a program with an effect that can be seen. */
const files = {
  'a.txt': 'one\n',
  'print.cjs': "process.stdout.write(process.argv.slice(2).join(' ') + '\\n');\n",
};

/** argv that prints `text`; not on the list of what needs no card. */
export const printing = (text: string): string[] => ['node', 'print.cjs', text];
