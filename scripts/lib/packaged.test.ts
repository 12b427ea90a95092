import assert from 'node:assert/strict';
import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { describe, it } from 'mocha';
import { temporaryFolder } from '../../test/fakes/temporary-folder.ts';
import { isNewer } from './packaged.ts';

describe('what is built already', () => {
  it('[G-42] is built again when a source was changed, added or removed since, or a package is missing', () => {
    const folder = temporaryFolder('packaged');
    const at = (name: string): string => path.join(folder, name);
    const touch = (name: string, second: number): void => utimesSync(at(name), second, second);
    mkdirSync(at('src/deep'), { recursive: true });
    for (const name of ['src/a.ts', 'src/deep/b.ts', 'one.vsix', 'two.vsix'])
      writeFileSync(at(name), '');
    const settle = (): void => {
      for (const name of ['src/a.ts', 'src/deep/b.ts', 'src/deep', 'src']) touch(name, 100);
      for (const name of ['one.vsix', 'two.vsix']) touch(name, 200);
    };
    const isBuilt = (...packages: string[]): boolean =>
      isNewer(packages.map(at), ['src/**'], folder);

    settle();
    assert.equal(isBuilt('one.vsix', 'two.vsix'), true);
    assert.equal(isBuilt('one.vsix', 'three.vsix'), false);
    touch('src/deep/b.ts', 300);
    assert.equal(isBuilt('one.vsix'), false);
    settle();
    rmSync(at('src/deep/b.ts'));
    assert.equal(isBuilt('one.vsix'), false);
    touch('src/deep', 100);
    assert.equal(isBuilt('one.vsix'), true);
    touch('two.vsix', 50);
    assert.equal(isBuilt('one.vsix', 'two.vsix'), false, 'each of them');
  });
});
