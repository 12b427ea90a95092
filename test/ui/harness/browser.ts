// Chromium on the workbench: one browser, contexts that reach nothing but loopback, and the few moves
// that every test makes.
import { mkdirSync } from 'node:fs';
import * as path from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, Frame, Page } from 'playwright-core';
import { root } from '../../../scripts/lib/steps.ts';
import { chromiumPath } from '../../../scripts/lib/tool-table.mjs';

/** Where screenshots and logs of failures go; not in git. */
export const outDir = path.join(root, 'test/out');

const pollMs = 100;
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
      '--disable-quic',
      '--no-first-run',
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
  const { width = 1280, height = 800, ...rest } = options;
  const context = await browser.newContext({ viewport: { width, height }, ...rest });
  const blockedHosts = new Set<string>();
  const isOutside = (url: URL): boolean =>
    /^(https?|wss?):$/.test(url.protocol) && !['127.0.0.1', 'localhost'].includes(url.hostname);
  await context.route(isOutside, async (route) => {
    blockedHosts.add(new URL(route.request().url()).hostname);
    await route.abort();
  });
  return { context, blockedHosts };
}

/** Runs a command of the palette by its title, `Category: Title`. */
export async function palette(page: Page, title: string): Promise<void> {
  await page.keyboard.press('F1');
  const input = page.locator(quickInput);
  await input.waitFor({ timeout: 15_000 });
  await input.fill(`>${title}`);
  const row = page.locator('.quick-input-list .monaco-list-row', {
    hasText: title.split(': ').at(-1) ?? title,
  });
  await row.first().waitFor({ timeout: 15_000 });
  await page.keyboard.press('Enter');
}

/**
 * The frame of a webview: workbench > iframe.webview > iframe#active-frame. Found by an element in it,
 * because the frames have no stable name.
 * @param probe selector of something only that webview has
 */
export async function webviewFrame(page: Page, probe: string, timeoutMs = 30_000): Promise<Frame> {
  const deadline = performance.now() + timeoutMs;
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
