// A real workbench for a test: code-server with private folders and the built package installed, and a
// browser that reaches nothing outside. Who starts one stops it; stop() leaves no process behind.
//
//   const workbench = await startWorkbench({ extensionsDir: await installOnce() });
//   const { page } = await workbench.openWindow(workbench.makeFolder({ 'a.txt': 'text' }));
//   await palette(page, 'Hob: Show Panel');
//   const panel = await webviewFrame(page, 'hob-panel');
//   …
//   await workbench.stop();
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import {
  codeServerEntry,
  installPackages,
  preparePlace,
  startCodeServer,
} from '../../../scripts/lib/code-server.ts';
import type { CodeServer } from '../../../scripts/lib/code-server.ts';
import { hearingPath, vsixPath } from '../../../scripts/lib/vsix.ts';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';
import { launchBrowser, newGuardedContext, outDir } from './browser.ts';
import type { ContextOptions, GuardedContext } from './browser.ts';

export { palette, screenshot, webviewFrame } from './browser.ts';

/** Nothing that moves, asks, updates or phones while a test looks. */
const slimSettings = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  // A tooltip under the resting pointer lies over what the next click is meant for.
  'workbench.hover.delay': 600_000,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'telemetry.telemetryLevel': 'off',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'update.mode': 'none',
  'git.enabled': false,
  'chat.disableAIFeatures': true,
  'chat.agentHost.enabled': false,
  // Lists the open files of every process of the machine, every two seconds.
  'remote.autoForwardPorts': false,
  'workbench.reduceMotion': 'on',
  'editor.cursorBlinking': 'solid',
  'editor.minimap.enabled': false,
  'terminal.integrated.gpuAcceleration': 'off',
};

/** What the editor's programs were compiled to by an earlier start: a quarter of the time. */
const compiled = { NODE_COMPILE_CACHE: path.join(outDir, 'cache/code-server') };

export interface WorkbenchOptions {
  /** Folder with installed extensions, see installOnce; without it the workbench is bare. */
  readonly extensionsDir?: string;
  /** Over the slim ones. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  /** As in CodeServerOptions. */
  readonly preload?: string;
  /** With nearly all of the hundred extensions that the editor brings; without, it starts in half the time. */
  readonly nearlyAllBuiltins?: boolean;
  /**
   * How long an extension host waits for its window to come back. A busy one loses its connection for a
   * moment; one that was closed should not be waited for.
   */
  readonly graceSeconds?: number;
  /** More arguments of code-server. */
  readonly args?: readonly string[];
  /** Ask whether a folder is trusted, as a real workbench does; off, so that most tests need no click. */
  readonly workspaceTrust?: boolean;
}

export interface WindowOptions extends ContextOptions {
  /** Profile to open it in; by default the one that all windows of this workbench share. */
  readonly context?: GuardedContext;
  /** Query parameters besides the folder. */
  readonly query?: Readonly<Record<string, string>>;
}

export interface WorkbenchWindow {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly blockedHosts: ReadonlySet<string>;
  /** Console lines of the page, for a failing test. */
  readonly consoleLines: readonly string[];
  /** Milliseconds from the request to the drawn workbench. */
  readonly openedInMs: number;
}

/** Folders of one workbench: nothing of the person's own is read or written. */
export interface PrivateDirs {
  readonly root: string;
  readonly home: string;
  /** HOB_DATA_DIR of every host that this workbench starts. */
  readonly dataDir: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Makes the folders; the caller removes `root`. Short, because a socket path must stay below 108 bytes. */
export function makePrivateDirs(): PrivateDirs {
  const root = temporaryFolder('w');
  const dirs = {
    home: 'home',
    dataDir: 'data',
    runtime: 'run',
    config: 'config',
    share: 'share',
    cache: 'cache',
  };
  const at = (name: keyof typeof dirs): string => path.join(root, dirs[name]);
  for (const name of Object.values(dirs)) mkdirSync(path.join(root, name), { mode: 0o700 });
  return {
    root,
    home: at('home'),
    dataDir: at('dataDir'),
    env: {
      HOME: at('home'),
      XDG_CONFIG_HOME: at('config'),
      XDG_DATA_HOME: at('share'),
      XDG_CACHE_HOME: at('cache'),
      XDG_RUNTIME_DIR: at('runtime'),
      HOB_DATA_DIR: at('dataDir'),
    },
  };
}

export class Workbench {
  readonly dirs: PrivateDirs;
  readonly server: CodeServer;
  readonly #browser: Browser;
  #shared: GuardedContext | undefined;
  #stopped = false;

  constructor(dirs: PrivateDirs, server: CodeServer, browser: Browser) {
    this.dirs = dirs;
    this.server = server;
    this.#browser = browser;
  }

  get url(): string {
    return this.server.url;
  }

  /** A profile of its own: another decider, another person at the same host. */
  newContext(options: ContextOptions = {}): Promise<GuardedContext> {
    return newGuardedContext(this.#browser, options);
  }

  /** A new folder with the given files, to open or to run things in. */
  makeFolder(files: Readonly<Record<string, string>> = {}): string {
    const folder = mkdtempSync(path.join(this.dirs.root, 'ws-'));
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), content);
    }
    return folder;
  }

  /** Opens a folder in a new window and waits until the workbench is drawn. */
  async openWindow(folder: string, options: WindowOptions = {}): Promise<WorkbenchWindow> {
    const guarded = options.context ?? (this.#shared ??= await this.newContext(options));
    const page = await guarded.context.newPage();
    const consoleLines: string[] = [];
    page.on('console', (message) => consoleLines.push(`[${message.type()}] ${message.text()}`));
    page.on('pageerror', (error) => consoleLines.push(`[pageerror] ${error.message}`));
    const query = new URLSearchParams({ folder, ...options.query });
    const started = performance.now();
    await page.goto(`${this.url}/?${query.toString()}`, { waitUntil: 'domcontentloaded' });
    await page.locator('.monaco-workbench').waitFor();
    const openedInMs = performance.now() - started;
    return {
      page,
      context: guarded.context,
      blockedHosts: guarded.blockedHosts,
      consoleLines,
      openedInMs,
    };
  }

  /** Closes the browser, ends the server and everything it started, removes the folders. */
  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    await this.#browser.close().catch(() => undefined);
    await this.server.stop();
    if (process.env['HOB_KEEP'] !== '1') rmSync(this.dirs.root, { recursive: true, force: true });
  }
}

let installed: Promise<string> | undefined;

/** Installs Hob for all workbenches of this process; it is unpacked once. @returns extensionsDir */
export function installOnce(): Promise<string> {
  installed ??= installNow();
  return installed;
}

async function installNow(): Promise<string> {
  const folder = temporaryFolder('x');
  const place = preparePlace(folder, slimSettings);
  const folders = { HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder };
  await installPackages(place, [vsixPath(), hearingPath], folders);
  return place.extensionsDir;
}

/** Extensions of the editor that look through the machine when asked for tasks or accounts, and hold no key. */
const searching =
  /^(grunt|gulp|jake|github|github-authentication|microsoft-authentication|tunnel-forwarding|(typescript|php)-language-features)$/;

/** A folder with those extensions that the editor brings which a test needs: its colours, or nearly all. */
function builtins(folder: string, nearlyAll: boolean): string {
  const all = path.resolve(path.dirname(codeServerEntry()), '../../lib/vscode/extensions');
  mkdirSync(folder);
  for (const name of nearlyAll ? readdirSync(all) : ['theme-defaults'])
    if (!searching.test(name)) symlinkSync(path.join(all, name), path.join(folder, name));
  return folder;
}

/** Starts server and browser side by side. */
export async function startWorkbench(options: WorkbenchOptions = {}): Promise<Workbench> {
  const dirs = makePrivateDirs();
  try {
    const trust = options.workspaceTrust === true;
    const own = preparePlace(path.join(dirs.root, 'cs'), {
      ...slimSettings,
      'security.workspace.trust.enabled': trust,
      ...options.settings,
    });
    const place = { ...own, extensionsDir: options.extensionsDir ?? own.extensionsDir };
    const env = { ...dirs.env, ...compiled, ...options.env };
    const preload = options.preload === undefined ? {} : { preload: options.preload };
    const grace = String(options.graceSeconds ?? 8);
    const args = ['--reconnection-grace-time', grace, ...(options.args ?? [])];
    if (!trust) args.push('--disable-workspace-trust');
    const builtinsDir = builtins(
      path.join(dirs.root, 'builtins'),
      options.nearlyAllBuiltins === true,
    );
    args.push('--builtin-extensions-dir', builtinsDir);
    const [server, browser] = await startBoth(
      () => startCodeServer({ place, env, args, ...preload }),
      launchBrowser,
    );
    return new Workbench(dirs, server, browser);
  } catch (error) {
    rmSync(dirs.root, { recursive: true, force: true });
    throw error;
  }
}

/** Both or none: when one start fails, the other is taken back. */
async function startBoth(
  startServer: () => Promise<CodeServer>,
  startBrowser: () => Promise<Browser>,
): Promise<[CodeServer, Browser]> {
  const [server, browser] = await Promise.allSettled([startServer(), startBrowser()]);
  if (server.status === 'fulfilled' && browser.status === 'fulfilled') {
    return [server.value, browser.value];
  }
  if (server.status === 'fulfilled') await server.value.stop();
  if (browser.status === 'fulfilled') await browser.value.close();
  throw server.status === 'rejected' ? server.reason : (browser as PromiseRejectedResult).reason;
}
