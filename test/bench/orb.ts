// What the orb costs, in CPU time of the whole browser (without a graphics card, so drawing is in it): breathing,
// at rest, and hidden, each over the same panel without an orb.
import type { Browser } from 'playwright-core';
import { scenes } from '../fixtures/panel/scenes.ts';
import { launchBrowser } from '../ui/harness/browser.ts';
import { openPanel, servePanel } from '../ui/panel-page.ts';
import { isRestless, quantile, type BenchTable } from './table.ts';

const LOOK_MS = 10_000;
const ROUNDS = 3;
/** Longer than the orb breathes after something changed. */
const REST_MS = 6_000;

type State = 'no orb' | 'breathing' | 'at rest' | 'hidden';

export async function run(): Promise<BenchTable> {
  const browser = await launchBrowser();
  const server = await servePanel();
  try {
    const shares = new Map<State, number[]>();
    for (let round = 0; round < ROUNDS; round += 1)
      for (const state of ['no orb', 'breathing', 'at rest', 'hidden'] as const)
        shares.set(state, [...(shares.get(state) ?? []), await share(browser, server.url, state)]);
    const floor = shares.get('no orb') ?? [];
    const over = (state: State): number =>
      Math.max(0, quantile(shares.get(state) ?? [], 0.5) - quantile(floor, 0.5));
    return {
      name: `Orb in the idle panel, software WebGL; floor = the same panel without it; ${ROUNDS} × ${LOOK_MS / 1_000} s`,
      rows: [
        { ...row('breathing', over('breathing')), floor: quantile(floor, 0.5) },
        row('idle: at rest, six seconds after the last change', over('at rest'), 2),
        row('hidden', over('hidden'), 2),
      ],
      inconclusive: isRestless(floor),
    };
  } finally {
    await server.stop();
    await browser.close();
  }
}

const row = (what: string, value: number, limit?: number): BenchTable['rows'][number] => ({
  what,
  value,
  unit: '% of a core',
  goal: limit === undefined ? '' : `≤ ${limit}`,
  ok: limit === undefined ? null : value <= limit,
});

/** Per cent of a core that all of the browser used for LOOK_MS. */
async function share(browser: Browser, url: string, state: State): Promise<number> {
  const scene = scenes.find(({ name }) => name === 'ready');
  if (scene === undefined) throw new Error('no scene of a panel at rest');
  const panel = await openPanel(browser, url, scene, { motion: 'no-preference' });
  try {
    const { page } = panel;
    if (state === 'no orb') await page.evaluate(() => document.querySelector('hob-orb')?.remove());
    if (state === 'hidden')
      await page.evaluate(() => document.body.style.setProperty('display', 'none'));
    // The page's clock stands still until it is moved; the orb goes by it.
    await panel.pass(state === 'at rest' ? REST_MS : 2_000);
    await page.waitForTimeout(1_500);
    const before = await cpuSeconds(browser);
    await page.waitForTimeout(LOOK_MS);
    return (100 * ((await cpuSeconds(browser)) - before)) / (LOOK_MS / 1_000);
  } finally {
    await panel.close();
  }
}

async function cpuSeconds(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}
