// The orb as it is drawn, pixel by pixel: every mood against the picture that somebody looked at
// (test/fixtures/panel/orb.png; HOB_DRAW_ORB=1 draws it anew), and what it does where it cannot draw.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { after, before, describe, it } from 'mocha';
import type { Browser, Page } from 'playwright-core';
import { root } from '../../scripts/lib/steps.ts';
import { scenes } from '../fixtures/panel/scenes.ts';
import { launchBrowser, outDir } from './harness/browser.ts';
import { openPanel, servePanel, type PanelOptions, type PanelPage } from './panel-page.ts';

const picture = path.join(root, 'test/fixtures/panel/orb.png');
const CELL = 144;
/** What is drawn: mood and loudness (RMS), all at the same moment. */
const cells = [
  ['starting', 0],
  ['idle', 0],
  ['listening', 0],
  ['listening', 0.06],
  ['thinking', 0],
  ['speaking', 0.06],
  ['waiting', 0],
  ['held', 0],
  ['degraded', 0],
  ['offline', 0],
  ['stopped', 0],
  ['paused', 0],
] as const;

const ready = scenes.find(({ name }) => name === 'ready');

/** The orbs of all moods in a row, on the ground of the dark theme. */
async function drawAll(panel: PanelPage): Promise<Buffer> {
  const { page } = panel;
  await panel.page.evaluate(
    ({ moods, cell }) => {
      document.body.replaceChildren();
      moods.forEach(([mood, rms], at) => {
        const orb = document.createElement('hob-orb');
        orb.className = `orb orb-large orb-${mood}`;
        orb.id = `orb-${at}`;
        orb.style.position = 'absolute';
        orb.style.left = `${at * cell + 24}px`;
        orb.style.top = '24px';
        const level = {
          listen(hear: (rms: number) => void): () => void {
            if (rms > 0) setTimeout(() => hear(rms), 20);
            return () => {};
          },
        };
        Object.assign(orb, { mood, level });
        document.body.append(orb);
      });
    },
    { moods: cells, cell: CELL },
  );
  await panel.pass(1_700);
  // The levels come after a moment.
  await page.waitForTimeout(400);
  return page.screenshot({ clip: { x: 0, y: 0, width: cells.length * CELL, height: CELL } });
}

/** How far each cell of one strip is from each cell of another: mean difference of a channel, 0..255. */
async function distances(page: Page, one: Buffer, other: Buffer): Promise<number[][]> {
  return page.evaluate(
    async ({ pictures, cell }) => {
      const decoded = await Promise.all(
        pictures.map(async (base64) => {
          const bytes = Uint8Array.from(atob(base64), (char) => char.codePointAt(0) ?? 0);
          const bitmap = await createImageBitmap(new Blob([bytes]));
          const context = new OffscreenCanvas(bitmap.width, cell).getContext('2d');
          context?.drawImage(bitmap, 0, 0);
          const count = bitmap.width / cell;
          return Array.from(
            { length: count },
            (_, at) => context?.getImageData(at * cell, 0, cell, cell).data ?? [],
          );
        }),
      );
      const [left = [], right = []] = decoded;
      return left.map((a) =>
        right.map((b) => {
          let sum = 0;
          for (let i = 0; i < a.length; i++) sum += Math.abs((a[i] ?? 0) - (b[i] ?? 0));
          return sum / a.length;
        }),
      );
    },
    { pictures: [one.toString('base64'), other.toString('base64')], cell: CELL },
  );
}

describe('the orb, drawn', function () {
  let browser: Browser;
  let server: Awaited<ReturnType<typeof servePanel>>;
  before(async () => {
    browser = await launchBrowser();
    server = await servePanel();
  });
  after(async () => {
    await server?.stop();
    await browser?.close();
  });
  const open = (options: PanelOptions): Promise<PanelPage> => {
    assert.ok(ready !== undefined);
    return openPanel(browser, server.url, ready, { width: cells.length * CELL, ...options });
  };

  it('[G-35] [U-06] every mood looks as it was drawn, and unlike every other', async () => {
    const panel = await open({});
    const drawn = await drawAll(panel);
    mkdirSync(outDir, { recursive: true });
    writeFileSync(path.join(outDir, 'orb.png'), drawn);
    if (process.env['HOB_DRAW_ORB'] === '1') writeFileSync(picture, drawn);
    assert.ok(existsSync(picture), `no ${picture}`);
    const blank = await browser.newPage();
    const all = await distances(blank, drawn, readFileSync(picture));
    await blank.close();
    await panel.close();
    for (const [at, row] of all.entries()) {
      const [mood] = cells[at] ?? ['?'];
      const own = row[at] ?? Infinity;
      assert.ok(own < 0.6, `${mood} differs by ${own.toFixed(2)} of 255; see test/out/orb.png`);
      const nearest = Math.min(...row.filter((_, other) => other !== at));
      assert.ok(nearest > 1.5, `${mood} looks like another mood (${nearest.toFixed(2)})`);
    }
    assert.deepEqual(panel.problems, []);
  });

  it('[F-50] [F-51] [F-88] wears the colours that a person chose, and its own again', async () => {
    const panel = await open({});
    const middle = async (): Promise<string> => {
      const orb = await panel.page.locator('hob-orb').boundingBox();
      assert.ok(orb !== null);
      const { x, y, width, height } = orb;
      const clip = { x: x + width / 2, y: y + height / 2, width: 1, height: 1 };
      return (await panel.page.screenshot({ clip })).toString('base64');
    };
    const before = await middle();
    const paint = (palette: object | null): Promise<void> =>
      panel.page.evaluate(async (colours) => {
        const orb = document.querySelector('hob-orb') as HTMLElement & {
          updateComplete: Promise<boolean>;
        };
        Object.assign(orb, { palette: colours });
        await orb.updateComplete;
      }, palette);
    await paint({ idle: '#ff0000' });
    const red = await middle();
    await paint(null);
    const after = await middle();
    await panel.close();
    assert.notEqual(red, before);
    assert.equal(after, before);
  });

  it('[G-35] is drawn without WebGL too, every mood with its own shape', async () => {
    const panel = await open({ motion: 'no-preference' });
    const shapes = await panel.page.evaluate((moods) => {
      // As on a machine whose graphics do not work.
      HTMLCanvasElement.prototype.getContext = () => null;
      document.body.replaceChildren();
      return Promise.all(
        moods.map(async ([mood]) => {
          const orb = document.createElement('hob-orb') as HTMLElement & {
            updateComplete: Promise<boolean>;
          };
          orb.className = `orb orb-large orb-${mood}`;
          Object.assign(orb, { mood });
          document.body.append(orb);
          await orb.updateComplete;
          const look = (part: string): string => {
            const element = orb.querySelector(part);
            if (element === null) return '';
            const style = getComputedStyle(element);
            if (style.display === 'none') return '';
            const { borderRadius, borderStyle, maskImage, animationName, outline, inset } = style;
            return [borderRadius, borderStyle, maskImage, animationName, outline, inset].join(' ');
          };
          return [mood, ['.orb-body', '.orb-drift', '.orb-ring'].map(look).join(' | ')] as const;
        }),
      );
    }, cells);
    await panel.close();
    const byMood = new Map(shapes);
    assert.equal(new Set(byMood.values()).size, byMood.size, JSON.stringify([...byMood], null, 2));
  });

  it('[G-35] draws nothing while nobody can see it, and nothing by itself with less motion', async () => {
    const drawings = async (panel: PanelPage, ms: number): Promise<number> => {
      await panel.page.evaluate(() => {
        const world = window as unknown as { drawings: number };
        world.drawings = 0;
        const { prototype } = WebGLRenderingContext;
        const draw = prototype.drawArrays;
        prototype.drawArrays = function (...args) {
          world.drawings++;
          draw.apply(this, args);
        };
      });
      await panel.page.waitForTimeout(ms);
      return panel.page.evaluate(() => (window as unknown as { drawings: number }).drawings);
    };
    const moving = await open({ motion: 'no-preference', width: 320 });
    assert.ok((await drawings(moving, 1_000)) > 0, 'an idle orb breathes');
    await moving.page.evaluate(() => {
      document.querySelector<HTMLElement>('hob-panel')?.style.setProperty('display', 'none');
    });
    await moving.page.waitForTimeout(300);
    assert.equal(await drawings(moving, 1_000), 0);
    await moving.close();
    const still = await open({ motion: 'reduce', width: 320 });
    assert.equal(await drawings(still, 1_000), 0);
    await still.close();
  });
});
