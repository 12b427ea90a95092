// npm run pictures: draws the states of the panel that docs/images/README.md shows. People look at these, so
// they are drawn in a font of the kind that editors have; the tests take whatever is there.
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { root } from '../../scripts/lib/steps.ts';
import { scenes } from '../fixtures/panel/scenes.ts';
import type { ThemeName } from '../fixtures/panel/themes.ts';
import { launchBrowser } from './harness/browser.ts';
import { openPanel, servePanel } from './panel-page.ts';

const folder = path.join(root, 'docs/images');
const HEIGHT = 620;

/** Drawn in another theme or width than the rest. */
const others: Readonly<Record<string, readonly [ThemeName, number]>> = {
  'waiting-50': ['light', 320],
  edit: ['light', 320],
  agents: ['light', 320],
  'kill-switch': ['contrast', 320],
  'waiting-5': ['dark', 900],
};
/** The scenes that the page of pictures shows. */
const shown = [
  ...readFileSync(path.join(folder, 'README.md'), 'utf8').matchAll(/panel-([a-z0-9-]+)[.]png/g),
].map(([, name]) => name);
const unknown = shown.filter((name) => !scenes.some((scene) => scene.name === name));
if (unknown.length > 0)
  throw new Error(`docs/images/README.md shows no scene: ${unknown.join(', ')}`);

const browser = await launchBrowser();
const server = await servePanel();
for (const scene of scenes.filter(({ name }) => shown.includes(name))) {
  const [theme, width] = others[scene.name] ?? ['dark', 320];
  const panel = await openPanel(browser, server.url, scene, { theme, width, height: HEIGHT });
  await panel.page.evaluate(() => {
    const { style } = document.documentElement;
    style.setProperty('--vscode-font-family', 'Inter, system-ui, sans-serif');
    style.setProperty(
      '--vscode-editor-font-family',
      '"JetBrains Mono", "DejaVu Sans Mono", monospace',
    );
  });
  await panel.page.waitForTimeout(100);
  await panel.page.screenshot({ path: path.join(folder, `panel-${scene.name}.png`) });
  await panel.close();
}
await server.stop();
await browser.close();
