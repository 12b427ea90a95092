// The checks that need nothing but the source: what `npm run check` runs, and `npm test` before the rest.
import type { Step } from './steps.ts';

export const unitTestGlob = '{schema,host,extension,webview-ui,scripts}/**/*.test.ts';

export const checkSteps: readonly Step[] = [
  { title: 'format', program: 'oxfmt', args: ['--check', '.'] },
  { title: 'environments', program: 'node', args: ['scripts/check-environments.mjs'] },
  { title: 'types and lint', program: 'oxlint', args: ['--type-check', '.'] },
  { title: 'layers', program: 'node', args: ['scripts/check-layers.ts'] },
  { title: 'unused code', program: 'knip', args: ['--no-progress'] },
  { title: 'contract pages', program: 'node', args: ['scripts/generate-contract.ts', '--check'] },
  { title: 'requirements', program: 'node', args: ['scripts/check-requirements.ts'] },
  { title: 'unit tests', program: 'mocha', args: ['--reporter', 'dot', unitTestGlob], live: true },
];
