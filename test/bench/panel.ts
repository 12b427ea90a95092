// The panel as a person and an agent feel it, on the installed package in a real workbench: how long from
// an agent's call until its card is painted, from the click until the agent goes on; what activation and
// idling cost.
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import * as path from 'node:path';
import type { Frame } from 'playwright-core';
import { codeBytes, vsixFiles, vsixPath } from '../../scripts/lib/vsix.ts';
import { startGate, type Agent, type Gate, type GateWindow } from '../ui/gate-fixture.ts';
import { startWorkbench, type Workbench } from '../ui/harness/workbench.ts';
import { isRestless, quantile, type BenchTable } from './table.ts';

const ROUNDS = 24;
const IDLE_MS = 5_000;
/** A click sooner than half a second after a card came does not count, by rule. */
const SETTLE_MS = 600;
const mib = (bytes: number): number => bytes / 2 ** 20;

/** Times of one clock, that of the machine: the page writes them down where things happen. */
interface Marks {
  painted: Record<string, number>;
  clicked: number;
}
type MarkedWindow = Window & { hobMarks?: Marks };

export async function run(): Promise<BenchTable> {
  const file = vsixPath();
  if (!existsSync(file)) throw new Error(`${file} is not there; npm run package makes it`);
  const without = await extensionHostMemory();
  const gate = await startGate();
  try {
    const editor = await gate.openWindow();
    await editor.page.waitForTimeout(IDLE_MS);
    const memory = memoryOf(gate.workbench, gate.hostPid());
    const activation = await activations(gate);
    const { painted, resumed, floor } = await answers(gate, editor);
    const extension = Math.max(0, memory.extensionHost - without);
    return {
      name: `Panel on the installed package; floor = node -e 0; ${ROUNDS} rounds`,
      rows: [
        row('call → card painted, p95', quantile(painted, 0.95), 'ms', 150),
        { ...row('call → card painted, p50', quantile(painted, 0.5), 'ms'), floor: low(floor) },
        row('click → agent goes on, p95', quantile(resumed, 0.95), 'ms', 100),
        row('click → agent goes on, p50', quantile(resumed, 0.5), 'ms'),
        // The best quartile, as everywhere: what the code costs, not what else a machine does that opens a window.
        row('own activation, p25', low(activation), 'ms', 50),
        row('own activation, p50', quantile(activation, 0.5), 'ms'),
        row('idle host', memory.host, 'MiB'),
        row('idle host + extension', memory.host + extension, 'MiB', 150),
        row('.vsix, code', mib(codeBytes(vsixFiles(file))), 'MiB', 2),
        row('.vsix, complete', mib(statSync(file).size), 'MiB', 35),
      ],
      inconclusive: isRestless(floor),
    };
  } finally {
    await gate.stop();
  }
}

const low = (values: readonly number[]): number => quantile(values, 0.25);

function row(
  what: string,
  value: number,
  unit: string,
  limit?: number,
): BenchTable['rows'][number] {
  if (limit === undefined) return { what, value, unit, goal: '', ok: null };
  return { what, value, unit, goal: `≤ ${limit} ${unit}`, ok: value <= limit };
}

/** One question after the other, each answered by a click on its card. */
async function answers(gate: Gate, editor: GateWindow) {
  const agent = await gate.agent('bench');
  await markCards(editor.panel);
  const [painted, resumed, floor]: number[][] = [[], [], []];
  for (let round = -2; round < ROUNDS; round++) {
    const measured = await oneAnswer(agent, editor, `round-${round}`);
    floor?.push(bareNode());
    // The first ones load and compile.
    if (round < 0) continue;
    painted?.push(measured.painted);
    resumed?.push(measured.resumed);
  }
  return { painted: painted ?? [], resumed: resumed ?? [], floor: floor ?? [] };
}

async function oneAnswer(agent: Agent, editor: GateWindow, name: string) {
  const asked = Date.now();
  const answer = agent
    .call('request_approval', { action: 'command.run', tool: 'bench', argv: ['make', name] })
    .then(() => Date.now());
  const card = editor.card(`make ${name}`);
  await card.waitFor();
  await editor.page.waitForTimeout(SETTLE_MS);
  await editor.press(card, 'Approve');
  const resumed = await answer;
  const marks = await editor.panel.evaluate(() => (window as MarkedWindow).hobMarks);
  if (marks === undefined) throw new Error('the page has no marks');
  const painted = Object.entries(marks.painted).find(([text]) => text.includes(name))?.[1];
  if (painted === undefined) throw new Error(`the card of ${name} was not seen to be painted`);
  return { painted: painted - asked, resumed: resumed - marks.clicked };
}

/** In the page: notes when a card is on the screen, after the frame that draws it, and when a button is clicked. */
async function markCards(panel: Frame): Promise<void> {
  await panel.evaluate(() => {
    const marks: Marks = { painted: {}, clicked: 0 };
    (window as MarkedWindow).hobMarks = marks;
    const look = (): void => {
      for (const card of document.querySelectorAll('article.card[data-approval] .call-text')) {
        const text = card.textContent ?? '';
        if (text in marks.painted) continue;
        marks.painted[text] = Infinity;
        requestAnimationFrame(() => setTimeout(() => (marks.painted[text] = Date.now())));
      }
    };
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
    document.addEventListener('click', () => (marks.clicked = Date.now()), { capture: true });
  });
}

/** What the extension wrote into its own log, in this and five more windows. */
async function activations(gate: Gate): Promise<number[]> {
  for (let more = 0; more < 5; more++) {
    const window = await gate.openWindow();
    await window.page.close();
  }
  const logs = globSync('**/Hob.log', { cwd: gate.workbench.dirs.root });
  const found = logs.flatMap((file) => {
    const text = readFileSync(path.join(gate.workbench.dirs.root, file), 'utf8');
    return [...text.matchAll(/activated in ([\d.]+) ms/g)].map(([, ms]) => Number(ms));
  });
  if (found.length === 0) throw new Error('no log of the extension says how long activation took');
  return found;
}

/** Resident memory in MiB. The extension host carries the editor's own extensions as well. */
function memoryOf(workbench: Workbench, hostPid: number): { host: number; extensionHost: number } {
  const running = workbench.server.running();
  const hosts = running.filter((pid) => commandLine(pid).includes('--type=extensionHost'));
  return { host: resident(hostPid), extensionHost: Math.max(0, ...hosts.map(resident)) };
}

/** The same workbench with nothing installed. */
async function extensionHostMemory(): Promise<number> {
  const bare = await startWorkbench();
  try {
    const { page } = await bare.openWindow(bare.makeFolder({ 'a.txt': 'one\n' }));
    await page.waitForTimeout(IDLE_MS + 3_000);
    const hosts = bare.server
      .running()
      .filter((pid) => commandLine(pid).includes('--type=extensionHost'));
    return Math.max(0, ...hosts.map(resident));
  } finally {
    await bare.stop();
  }
}

const commandLine = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
};
const resident = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;

/** What the machine needs for a process that does nothing: how restless it is today. */
function bareNode(): number {
  const start = performance.now();
  spawnSync(process.execPath, ['-e', '0']);
  return performance.now() - start;
}
