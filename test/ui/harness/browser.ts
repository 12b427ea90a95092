// Chromium on the workbench: one browser, contexts that reach nothing but loopback, and the few moves
// that every test makes.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import * as path from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, Frame, Page } from 'playwright-core';
import { root } from '../../../scripts/lib/steps.ts';
import { chromiumPath } from '../../../scripts/lib/tool-table.mjs';

/** Where screenshots and logs of failures go; not in git. */
export const outDir = path.join(root, 'test/out');

const pollMs = 100;
/** How long a machine with better things to do may take to open a page or to draw an element. */
export const BUSY_MS = 240_000;
/** How long a command may take to be listed, if the palette knows it. */
const LISTED_MS = 10_000;
const quickInput = '.quick-input-widget:not([style*="display: none"]) input';

export interface GuardedContext {
  readonly context: BrowserContext;
  /** Hosts outside loopback that something asked for, and did not get. */
  readonly blockedHosts: ReadonlySet<string>;
}

export async function launchBrowser(): Promise<Browser> {
  const executablePath = chromiumPath();
  if (executablePath === undefined) {
    throw new Error('no Chromium; run: node scripts/bootstrap.mjs --with chromium');
  }
  return chromium.launch({
    executablePath,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      // One process less to start and to talk to.
      '--in-process-gpu',
      // On a busy machine software WebGL takes longer than the watchdog waits, and the browser would end.
      '--disable-gpu-watchdog',
      '--disable-quic',
      '--no-first-run',
      // Nothing outside has an address here. Without interception, which would switch off the cache.
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export interface ContextOptions {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: 'dark' | 'light';
  readonly reducedMotion?: 'reduce' | 'no-preference';
}

/** A browser profile of its own. The decider's key lives in it: one context a data directory. */
export async function newGuardedContext(
  browser: Browser,
  options: ContextOptions = {},
): Promise<GuardedContext> {
  // A moving orb, drawn without a graphics card, costs more than all the rest of a window.
  const { width = 1280, height = 800, reducedMotion = 'reduce', colorScheme } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    reducedMotion,
    // The editor would pack twenty megabytes for a way that is no way at all.
    extraHTTPHeaders: { 'accept-encoding': 'identity' },
    ...(colorScheme === undefined ? {} : { colorScheme }),
  });
  // Waiting is for a busy machine; nothing is asserted about time.
  context.setDefaultTimeout(BUSY_MS);
  const blockedHosts = new Set<string>();
  const isOutside = (url: URL): boolean =>
    /^(https?|wss?):$/.test(url.protocol) && !['127.0.0.1', 'localhost'].includes(url.hostname);
  // What a service worker answers never leaves the page, and does not fail.
  context.on('requestfailed', (request) => {
    const url = new URL(request.url());
    if (isOutside(url)) blockedHosts.add(url.hostname);
  });
  return { context, blockedHosts };
}

/** Runs a command of the palette by its title, `Category: Title`. */
export async function palette(page: Page, title: string): Promise<void> {
  const words = title.split(': ').at(-1) ?? title;
  // Enter takes the row with the focus, which a busy editor still moves.
  const row = page.locator('.quick-input-list .monaco-list-row.focused', { hasText: words });
  const deadline = performance.now() + BUSY_MS;
  for (;;) {
    await page.keyboard.press('F1');
    const input = page.locator(quickInput);
    await input.waitFor();
    await input.fill(`>${title}`);
    const listed = row.first().waitFor({ timeout: LISTED_MS });
    if (
      await listed.then(
        () => true,
        () => false,
      )
    )
      break;
    // A list that was opened before the extension had said what it offers stays without it.
    assert.ok(performance.now() < deadline, `the palette does not list ${title}`);
    await page.keyboard.press('Escape');
  }
  await page.keyboard.press('Enter');
}

/**
 * The frame of a webview: workbench > iframe.webview > iframe#active-frame. Found by an element in it,
 * because the frames have no stable name.
 * @param probe selector of something only that webview has
 */
export async function webviewFrame(page: Page, probe: string): Promise<Frame> {
  const deadline = performance.now() + BUSY_MS;
  while (performance.now() < deadline) {
    for (const frame of page.frames()) {
      // A frame may be detached between the list and the question.
      const found = await frame.$(probe).catch(() => null);
      if (found) return frame;
    }
    await page.waitForTimeout(pollMs);
  }
  const urls = page.frames().map((frame) => frame.url().slice(0, 120));
  throw new Error(`no webview with ${probe} in\n${urls.join('\n')}`);
}

/** Saves a picture as test/out/NAME.png and returns its path. */
export async function screenshot(page: Page, name: string): Promise<string> {
  mkdirSync(outDir, { recursive: true });
  const file = path.join(outDir, `${name}.png`);
  await page.screenshot({ path: file });
  return file;
}
