// What thousands of titles of an editor's commands cost the host's own loop when a window names them, and what they
// leave to its first turn. First in its process: later ones find the code compiled.
import { performance } from 'node:perf_hooks';
import { phrasesFor, prepareTitles } from '#host/conversation/turns/phrases.ts';
import type { BenchRow } from '../../table.ts';
import { watchLoop } from './loop-gap.ts';
import { timeRow } from './rows.ts';

const TITLES = 4_000;
const categories = ['Git', 'View', 'Debug', 'Terminal', 'Notebook', 'Test', 'Markdown', 'Docker'];
const verbs = [
  'Open',
  'Close',
  'Toggle',
  'Stage',
  'Move',
  'Split',
  'Focus',
  'Export',
  'Run',
  'Pin',
];

const titles = (): string[] =>
  Array.from({ length: TITLES }, (_, at) => {
    const [category, verb] = [categories[at % 8], verbs[Math.floor(at / 8) % 10]];
    return `${category}: ${verb} Part ${Math.floor(at / 80)} of It`;
  });

export async function measureTitles(): Promise<BenchRow[]> {
  const commands = titles();
  const took = (): number => {
    const began = performance.now();
    phrasesFor({ tasks: [], schedules: [], choices: [], answers: false, commands });
    return performance.now() - began;
  };
  const loop = watchLoop();
  await prepareTitles(commands, () => performance.now());
  const [first, later] = [took(), took()];
  return [
    timeRow(`${TITLES} titles named: longest gap of the main loop`, loop.stop(), 50),
    timeRow('  then what may be said, for the first turn', first),
    timeRow('  and for the next', later),
  ];
}
