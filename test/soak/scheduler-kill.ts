// 300 kills and 20 stops of scheduler leaders, on many data directories side by side: about five minutes on
// an idle machine. `npm run build` first.
import { spawnSync } from 'node:child_process';
import * as path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const { status } = spawnSync(
  process.execPath,
  [
    path.join(root, 'node_modules/mocha/bin/mocha.js'),
    '--timeout',
    '0',
    'test/process/scheduler-kill.test.ts',
  ],
  {
    cwd: root,
    stdio: 'inherit',
    env: { HOB_CREWS: '20', HOB_CREW_KILLS: '300', HOB_CREW_STOPS: '20', ...process.env },
  },
);
process.exitCode = status ?? 1;
