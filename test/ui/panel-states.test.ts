// Every state of the panel, drawn alone in Chromium in the colours of three real themes and at three
// widths: what must be on show is, nothing is cut off, nothing lacks a name, everything can be read,
// and nothing asks for more than the strict CSP allows. For pictures to look at: npm run pictures.
import * as assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, it } from 'mocha';
import type { Browser, Page } from 'playwright-core';
import { scenes, type Scene } from '../fixtures/panel/scenes.ts';
import type { ThemeName } from '../fixtures/panel/themes.ts';
import { launchBrowser } from './harness/browser.ts';
import { openPanel, servePanel, type PanelPage } from './panel-page.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const themeNames: readonly ThemeName[] = ['dark', 'light', 'contrast'];
const widths = [250, 320, 900] as const;
const HEIGHT = 760;

interface AxeResult {
  violations: { id: string; help: string; nodes: { html: string; failureSummary?: string }[] }[];
}

/** Rules of axe that hold for a part of a page; the editor around it owns landmarks and headings. */
async function axeProblems(page: Page, only?: readonly string[]): Promise<string[]> {
  // Through the debugger, not a script tag: the CSP of the page stays as it is. Once a document.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  const { violations } = await page.evaluate(
    (runOnly) =>
      (
        window as unknown as { axe: { run(target: Document, options: object): Promise<AxeResult> } }
      ).axe.run(document, {
        resultTypes: ['violations'],
        // Only asks for the style sheets again, for rules about turned screens.
        preload: false,
        iframes: false,
        ...(runOnly === undefined
          ? { rules: { region: { enabled: false }, 'landmark-one-main': { enabled: false } } }
          : { runOnly }),
      }),
    only,
  );
  return violations.flatMap((one) =>
    one.nodes.map(
      (node) => `${one.id}: ${node.html.slice(0, 160)} ${node.failureSummary ?? one.help}`,
    ),
  );
}

/** Elements wider than the window, and text that is cut where it must be whole. */
function layoutProblems(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const problems: string[] = [];
    const nameOf = (element: Element): string =>
      `${element.tagName.toLowerCase()}.${element.className}`;
    const page = document.documentElement;
    if (page.scrollWidth > page.clientWidth)
      problems.push(`the page is ${page.scrollWidth - page.clientWidth} px too wide`);
    for (const element of document.querySelectorAll('body *')) {
      const { left, right, width } = element.getBoundingClientRect();
      // Lines of lists end in an ellipsis; the whole of them is on hover and one click away.
      const hidden = element.closest('.sr-only, .event-text') !== null || width === 0;
      if (!hidden && (right > innerWidth + 0.5 || left < -0.5))
        problems.push(`${nameOf(element)} sticks out`);
    }
    const lines = new Set(
      [...document.querySelectorAll('.tab')].map((tab) => tab.getBoundingClientRect().top),
    );
    if (lines.size > 1) problems.push(`the tabs take ${lines.size} lines`);
    const footer = document.querySelector('.footer')?.clientHeight ?? 0;
    if (footer > 30) problems.push(`the footer is ${footer} px high`);
    // What a person decides on is never cut, whatever the width.
    for (const element of document.querySelectorAll<HTMLElement>(
      '.card *, .sheet p, .banner *, .welcome *',
    )) {
      const { overflowX, textOverflow } = getComputedStyle(element);
      if (element.closest('.sr-only') !== null) continue;
      const isCut = element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0;
      if (isCut && (overflowX !== 'visible' || textOverflow === 'ellipsis'))
        problems.push(`${nameOf(element)} is cut`);
    }
    return problems;
  });
}

const shownText = async (page: Page): Promise<string> =>
  (await page.evaluate(() => document.body.innerText)).replaceAll(/\s+/g, ' ');

/** Waits for what a scene shows; who is not there by then is reported by name afterwards. */
async function drawn(page: Page, shows: readonly string[]): Promise<void> {
  const isThere = (words: readonly string[]): boolean => {
    const text = document.body.innerText.replaceAll(/\s+/g, ' ');
    return words.every((one) => text.includes(one));
  };
  await page.waitForFunction(isThere, shows, { timeout: 10_000 }).catch(() => {});
}

/** What the width decides: everything to show is there, nothing sticks out or is cut. */
async function checkWidth({ page }: PanelPage, scene: Scene, width: number): Promise<void> {
  const where = `${scene.name}, ${width} px`;
  await page.setViewportSize({ width, height: HEIGHT });
  const text = await shownText(page);
  for (const words of scene.shows)
    assert.ok(text.includes(words), `${where}: “${words}” is missing in: ${text}`);
  assert.deepEqual(await layoutProblems(page), [], where);
}

/** Colours that can be read; names, roles and the rest do not depend on the theme, so one is enough. */
async function checkTheme(panel: PanelPage, scene: Scene, theme: ThemeName): Promise<void> {
  await panel.wear(theme);
  const only = theme === 'dark' ? undefined : ['color-contrast'];
  assert.deepEqual(await axeProblems(panel.page, only), [], `${scene.name}, ${theme}`);
}

describe('panel, drawn alone', () => {
  let browser: Browser;
  let server: Awaited<ReturnType<typeof servePanel>>;
  /** One page for all scenes: to start one costs more than to draw a scene in it. */
  let panel: PanelPage;
  before(async () => {
    browser = await launchBrowser();
    server = await servePanel();
    panel = await openPanel(browser, server.url, { bridge: null }, { height: HEIGHT });
  });
  after(async () => {
    await server.stop();
    await browser.close();
  });

  for (const scene of scenes) {
    it(`[G-35] [G-37] [U-04] draws ${scene.name} so that it can be read, in every theme and width`, async () => {
      await panel.show(scene);
      await drawn(panel.page, scene.shows);
      // Colours and names do not depend on the width, nor lengths on the theme.
      for (const width of widths) await checkWidth(panel, scene, width);
      await panel.page.setViewportSize({ width: 320, height: HEIGHT });
      for (const theme of themeNames) await checkTheme(panel, scene, theme);
      assert.deepEqual(panel.problems, []);
    });
  }

  it('[G-44] stays small: the scripts that the panel begins with are at most 350 kB', async () => {
    const scripts = await panel.page.context().newPage();
    let bytes = 0;
    const reads: Promise<void>[] = [];
    scripts.on('response', (response) => {
      if (!response.url().endsWith('.js')) return;
      reads.push(response.body().then((body) => void (bytes += body.byteLength)));
    });
    await scripts.goto(server.url, { waitUntil: 'networkidle' });
    await Promise.all(reads);
    await scripts.close();
    assert.ok(bytes > 100_000 && bytes <= 350_000, `${bytes} bytes`);
  });

  it('[G-35] says with the colours of the system what its own said, where those are forced', async () => {
    const scene = scenes.find((one) => one.name === 'danger');
    assert.ok(scene !== undefined);
    await panel.show(scene);
    const { page } = panel;
    const style = (selector: string, name: string, pseudo?: string): Promise<string> =>
      page.evaluate(
        ([at, property, of]) => {
          const element = document.querySelector(at ?? '');
          return element === null
            ? `no ${at}`
            : getComputedStyle(element, of).getPropertyValue(property ?? '');
        },
        [selector, name, pseudo] as const,
      );
    const bar = await style('.card.is-danger', 'background-color', '::before');
    await page.emulateMedia({ forcedColors: 'active' });
    try {
      const [open, other] = [
        `[role='tab'][aria-selected='true']`,
        `[role='tab'][aria-selected='false']`,
      ];
      assert.equal(await style(open, 'border-bottom-width'), '2px');
      assert.notEqual(
        await style(open, 'border-bottom-color'),
        await style(other, 'border-bottom-color'),
      );
      assert.equal(await style('.card.is-selected', 'border-top-width'), '2px');
      await page.locator('[aria-label="Show every event"]').click();
      assert.equal(await style('[aria-pressed="true"]', 'outline-width'), '2px');
      assert.equal(await style('.card.is-danger', 'background-color', '::before'), bar);
    } finally {
      await page.emulateMedia({ forcedColors: 'none' });
    }
  });

  it('[G-35] stands still when the person asked for less motion', async () => {
    const scene = scenes.find((one) => one.name === 'working');
    assert.ok(scene !== undefined);
    await panel.show(scene);
    const moving = await panel.page.evaluate(() => document.getAnimations().length);
    assert.equal(moving, 0);
  });
});
