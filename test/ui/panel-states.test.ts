// Every state of the panel, drawn alone in Chromium in the colours of three real themes and at three
// widths: what must be on show is, nothing is cut off, nothing lacks a name, everything can be read,
// and nothing asks for more than the strict CSP allows. Pictures go to test/out/panel.
import * as assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { after, before, describe, it } from 'mocha';
import type { Browser, Page } from 'playwright-core';
import { scenes, type Scene } from '../fixtures/panel/scenes.ts';
import type { ThemeName } from '../fixtures/panel/themes.ts';
import { launchBrowser, outDir } from './harness/browser.ts';
import { openPanel, servePanel, type PanelPage } from './panel-page.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const themeNames: readonly ThemeName[] = ['dark', 'light', 'contrast'];
const widths = [250, 320, 900] as const;
const HEIGHT = 760;
const pictures = path.join(outDir, 'panel');

interface AxeResult {
  violations: { id: string; help: string; nodes: { html: string; failureSummary?: string }[] }[];
}

/** Rules of axe that hold for a part of a page; the editor around it owns landmarks and headings. */
async function axeProblems(page: Page): Promise<string[]> {
  // Through the debugger, not a script tag: the CSP of the page stays as it is.
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() =>
    (
      window as unknown as { axe: { run(target: Document, options: object): Promise<AxeResult> } }
    ).axe.run(document, {
      resultTypes: ['violations'],
      rules: { region: { enabled: false }, 'landmark-one-main': { enabled: false } },
    }),
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

async function check(
  panel: PanelPage,
  scene: Scene,
  theme: ThemeName,
  width: number,
): Promise<void> {
  const { page, problems } = panel;
  const where = `${scene.name}, ${theme}, ${width} px`;
  await page.screenshot({ path: path.join(pictures, `${scene.name}-${theme}-${width}.png`) });
  const text = await shownText(page);
  for (const words of scene.shows)
    assert.ok(text.includes(words), `${where}: “${words}” is missing in: ${text}`);
  assert.deepEqual(await layoutProblems(page), [], where);
  // Colours and names do not depend on the width.
  if (width === 320) assert.deepEqual(await axeProblems(page), [], where);
  assert.deepEqual(problems, [], where);
}

describe('panel, drawn alone', () => {
  let browser: Browser;
  let server: Awaited<ReturnType<typeof servePanel>>;
  before(async () => {
    mkdirSync(pictures, { recursive: true });
    browser = await launchBrowser();
    server = await servePanel();
  });
  after(async () => {
    await server.stop();
    await browser.close();
  });

  for (const scene of scenes) {
    it(`[G-35] [G-37] [U-04] draws ${scene.name} so that it can be read, in every theme and width`, async function () {
      this.timeout(60_000);
      const panel = await openPanel(browser, server.url, scene, { height: HEIGHT });
      for (const theme of themeNames) {
        await panel.wear(theme);
        for (const width of widths) {
          await panel.page.setViewportSize({ width, height: HEIGHT });
          await check(panel, scene, theme, width);
        }
      }
      await panel.close();
    });
  }

  it('[G-35] shows every mood of the orb with its own shape, not only its own colour', async () => {
    const shapes = new Map<string, string>();
    for (const name of [
      'ready',
      'working',
      'waiting-1',
      'degraded',
      'offline',
      'kill-switch',
      'paused',
    ]) {
      const scene = scenes.find((one) => one.name === name);
      assert.ok(scene !== undefined);
      const panel = await openPanel(browser, server.url, scene, { motion: 'no-preference' });
      const shape = await panel.page.evaluate(() => {
        const styleOf = (part: string): CSSStyleDeclaration | null => {
          const element = document.querySelector(`.orb ${part}`);
          return element === null ? null : getComputedStyle(element);
        };
        const [body, drift, ring] = ['.orb-body', '.orb-drift', '.orb-ring'].map(styleOf);
        return JSON.stringify({
          corners: body?.borderRadius,
          border: body?.borderStyle,
          mask: body?.maskImage,
          breathes: body?.animationName,
          drift: drift?.display === 'block' ? drift.animationName : '',
          ring: ring?.display,
          count: document.querySelector('.orb-count')?.textContent ?? '',
        });
      });
      shapes.set(name, shape);
      await panel.close();
    }
    assert.equal(
      new Set(shapes.values()).size,
      shapes.size,
      JSON.stringify(Object.fromEntries(shapes), null, 2),
    );
  });

  it('[G-44] stays small: the script of the panel is at most 350 kB', async () => {
    const script = await fetch(`${server.url}/panel.js`);
    assert.ok((await script.arrayBuffer()).byteLength <= 350_000);
  });

  it('[G-35] stands still when the person asked for less motion', async () => {
    const scene = scenes.find((one) => one.name === 'working');
    assert.ok(scene !== undefined);
    const panel = await openPanel(browser, server.url, scene, { motion: 'reduce' });
    const moving = await panel.page.evaluate(() => document.getAnimations().length);
    await panel.close();
    assert.equal(moving, 0);
  });
});
