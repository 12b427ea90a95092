// 300 kills and 20 stops of scheduler leaders, on six data directories side by side: about a quarter of an hour,
// nearly all of it terms of leases. More directories are no faster on two cores, where their hosts then wait for
// each other. `npm run build` first.
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
    env: { HOB_CREWS: '6', HOB_CREW_KILLS: '300', HOB_CREW_STOPS: '20', ...process.env },
  },
);
process.exitCode = status ?? 1;
