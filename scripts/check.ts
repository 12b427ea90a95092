// npm run check: everything that can be known without starting a host or a workbench.
import { checkSteps } from './lib/check-steps.ts';
import { runSteps } from './lib/steps.ts';

if (!(await runSteps(checkSteps))) process.exitCode ||= 1;
