import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { describe, it } from 'mocha';
import { temporaryFolder } from '../../test/fakes/temporary-folder.ts';
import { batchScript, shellScript } from './hob-script.ts';

describe('hob in the terminal of the editor', () => {
  it('[W-25] starts the command line with its words and the data of the setting, whatever the folders are called', function () {
    // There is no POSIX shell there; the file for Windows is compared below.
    if (process.platform === 'win32') return this.skip();
    const folder = temporaryFolder("o'hob $HOME ");
    try {
      const script = path.join(folder, 'hob.mjs');
      const told =
        'process.argv.slice(2), process.env.HOB_DATA_DIR, process.env.ELECTRON_RUN_AS_NODE';
      writeFileSync(script, `console.log(JSON.stringify([${told}]))`);
      const program = { node: process.execPath, isElectron: true, script, dataDir: folder };
      const start = path.join(folder, 'hob');
      writeFileSync(start, shellScript(program), { mode: 0o755 });
      const words = ['say', 'git "status" now', '*'];
      assert.deepEqual(JSON.parse(execFileSync(start, words, { encoding: 'utf8' })), [
        words,
        folder,
        '1',
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('sets nothing that the person did not', () => {
    const program = { node: 'n', isElectron: false, script: 's', dataDir: null };
    assert.equal(shellScript(program), `#!/bin/sh\nexec 'n' 's' "$@"\n`);
    assert.equal(batchScript(program), '@setlocal\r\n@"n" "s" %*\r\n');
  });

  it('takes nothing in a Windows path for a variable', () => {
    const program = {
      node: 'n',
      isElectron: true,
      script: String.raw`C:\100%\hob.js`,
      dataDir: 'd',
    };
    assert.match(
      batchScript(program),
      /@set ELECTRON_RUN_AS_NODE=1\r\n@set "HOB_DATA_DIR=d"\r\n@"n" "C:\\100%%\\hob\.js" %\*/,
    );
  });
});
