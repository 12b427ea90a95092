// A person at the installed package and agents at its gate: a workbench with the panel in sight, MCP
// clients as other agents embed them (SDK 1.x), and what a test asks about cards and runs.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { Frame, Locator, Page } from 'playwright-core';
import { root } from '../../scripts/lib/steps.ts';
import { vsixPath } from '../../scripts/lib/vsix.ts';
import { startWorkbench, webviewFrame } from './harness/workbench.ts';
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
  call(tool: string, args: Record<string, unknown>): Promise<RunAnswer>;
  close(): Promise<void>;
}

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

  /** Starts an MCP client that calls itself `name`, as an agent's configuration would. */
  async agent(name: string, folder = this.folder): Promise<Agent> {
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [path.join(root, 'dist/hob.js'), 'mcp', '--as', name],
      env: { ...(process.env as Record<string, string>), ...this.workbench.dirs.env },
      cwd: folder,
      stderr: 'ignore',
    });
    const client = new Client({ name, version: '1.0.0' });
    await client.connect(transport);
    const agent: Agent = {
      call: async (tool, args) => {
        const limit = { timeout: 120_000 };
        const result = await client.callTool({ name: tool, arguments: args }, undefined, limit);
        assert.ok(result['structuredContent'], `${tool}: ${JSON.stringify(result)}`);
        return result['structuredContent'] as RunAnswer;
      },
      close: () => client.close(),
    };
    this.#agents.push(agent);
    return agent;
  }

  /** What `hob ARGS --json` prints, as a person in a terminal asks it. */
  cli(...args: string[]): Record<string, unknown> {
    const { dirs } = this.workbench;
    const program = path.join(root, 'dist/hob.js');
    const all = [program, ...args, '--data-dir', dirs.dataDir, '--json'];
    const env = { ...process.env, ...dirs.env };
    const text = execFileSync(process.execPath, all, { env, encoding: 'utf8' });
    return JSON.parse(text) as Record<string, unknown>;
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
    const deadline = performance.now() + 40_000;
    for (;;) {
      const pid = this.#endpointPid();
      if (pid !== null && pid !== before) return;
      assert.ok(performance.now() < deadline, 'no other host came');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async stop(): Promise<void> {
    await Promise.allSettled(this.#agents.map((agent) => agent.close()));
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
    // A click on the icon of what is shown hides it. A window that is still restoring its views shows
    // the panel by itself, maybe just before the click: so it is looked at again until it is there.
    for (let tries = 0; ; tries++) {
      const isShown = ((await icon.getAttribute('class')) ?? '').includes('checked');
      if (!isShown) await icon.click();
      // Or its hover comes up and lies over the panel.
      await this.page.mouse.move(700, 400);
      try {
        return await this.findPanel(tries < 3 ? 15_000 : 60_000);
      } catch (failure) {
        if (tries === 3) throw failure;
      }
    }
  }

  async findPanel(timeoutMs = 60_000): Promise<void> {
    const ready = 'hob-panel .say-input:not([disabled])';
    this.#panel = await webviewFrame(this.page, ready, timeoutMs);
  }

  /** The open card of a call whose text contains this. */
  card(text: string): Locator {
    return this.panel.locator('article.card[data-approval]', { hasText: text });
  }

  /** Waits for the card, brings its answers into view, and waits until they count. */
  async settledCard(text: string): Promise<Locator> {
    const card = this.card(text);
    await card.waitFor({ timeout: 20_000 });
    await card.locator('.answers').scrollIntoViewIfNeeded();
    await this.page.waitForTimeout(SETTLE_MS);
    return card;
  }

  /** Clicks a button of a card as a person does: again, when the panel says that it was too soon. */
  async press(card: Locator, label: string): Promise<void> {
    const button = card.getByText(label, { exact: true });
    await button.click();
    await this.page.waitForTimeout(100);
    while ((await card.locator('p.remark[role="status"]').count()) > 0) {
      await this.page.waitForTimeout(SETTLE_MS);
      await button.click();
      await this.page.waitForTimeout(100);
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

/** Installs the package, opens a folder and waits until the panel is ready. */
export async function startGate(options: WorkbenchOptions = {}): Promise<Gate> {
  const workbench = await startWorkbench({ vsix: vsixPath(), ...options });
  return new Gate(workbench, workbench.makeFolder(files));
}

/** The workspace of these tests: a program with an effect that can be seen. */
const files = {
  'a.txt': 'one\n',
  'print.cjs': "process.stdout.write(process.argv.slice(2).join(' ') + '\\n');\n",
};

/** argv that prints `text`; not on the list of what needs no card. */
export const printing = (text: string): string[] => ['node', 'print.cjs', text];
