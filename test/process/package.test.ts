// What is in the package, and what is not. Runs on the package that `npm test` has just built.
import * as assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import * as path from 'node:path';
import { listFiles, PackageManager } from '@vscode/vsce';
import { before, describe, it } from 'mocha';
import { root } from '../../scripts/lib/steps.ts';
import { vsixPath } from '../../scripts/lib/vsix.ts';

const allowed =
  /^(package\.json|README\.md|LICENSE|dist\/[\w.-]+\.(js|css|ttf)|dist\/THIRD-PARTY-NOTICES\.txt|media\/[\w./-]+)$/;

describe('the package', () => {
  let files: readonly string[] = [];

  before(async () => {
    files = await listFiles({ cwd: root, packageManager: PackageManager.None });
  });

  it('[G-44] is at most 2 MB', () => {
    const limit = 2 * 1024 * 1024;
    assert.ok(statSync(vsixPath()).size <= limit);
    const code = files.filter((file) => file.startsWith('dist/') && file.endsWith('.js'));
    const bytes = code.reduce((sum, file) => sum + statSync(path.join(root, file)).size, 0);
    assert.ok(bytes > 0 && bytes <= limit, `${bytes} bytes of code`);
  });

  it('[G-44] holds what it needs and nothing else', () => {
    const needed = ['package.json', 'README.md', 'LICENSE', 'dist/THIRD-PARTY-NOTICES.txt'].concat(
      ['extension', 'host', 'host.main', 'hob', 'hob.main', 'hook', 'panel'].map(
        (one) => `dist/${one}.js`,
      ),
      ['dist/panel.css', 'dist/codicon.css', 'dist/codicon.ttf'],
    );
    assert.deepEqual(
      files.filter((file) => !allowed.test(file)),
      [],
    );
    assert.deepEqual(
      needed.filter((file) => !files.includes(file)),
      [],
    );
  });

  it('holds every file that its manifest names', () => {
    const manifest = readFileSync(path.join(root, 'package.json'), 'utf8');
    const named = [...manifest.matchAll(/"((?:\.\/)?(?:media|dist)\/[^"]+)"/g)].map((match) =>
      path.normalize(match[1] ?? ''),
    );
    assert.ok(named.length > 0);
    assert.deepEqual(
      named.filter((file) => !files.includes(file)),
      [],
    );
  });

  it('names no path of the machine that built it', () => {
    const code = files.filter(
      (file) => file.startsWith('dist/') && existsSync(path.join(root, file)),
    );
    const leaking = code.filter((file) =>
      readFileSync(path.join(root, file), 'latin1').includes(root),
    );
    assert.deepEqual(leaking, []);
  });
});
