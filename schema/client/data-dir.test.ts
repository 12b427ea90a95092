import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { resolveDataDir, type Surroundings } from './data-dir.ts';

const on = (platform: NodeJS.Platform, env: Record<string, string> = {}): Surroundings => ({
  platform,
  env,
  home: '/home/ada',
});

describe('resolveDataDir', () => {
  it('[F-71] takes the option, then HOB_DATA_DIR, then the place of the system', () => {
    const env = { HOB_DATA_DIR: '/from/env', XDG_DATA_HOME: '/xdg' };
    assert.equal(resolveDataDir('/from/option', on('linux', env)), '/from/option');
    assert.equal(resolveDataDir(undefined, on('linux', env)), '/from/env');
    assert.equal(
      resolveDataDir(undefined, on('linux', { HOB_DATA_DIR: '', XDG_DATA_HOME: '/xdg' })),
      '/xdg/hob',
    );
    assert.equal(
      resolveDataDir(undefined, on('linux', { XDG_DATA_HOME: 'relative' })),
      '/home/ada/.local/share/hob',
    );
    assert.equal(resolveDataDir(undefined, on('linux')), '/home/ada/.local/share/hob');
    assert.equal(
      resolveDataDir(undefined, on('darwin')),
      '/home/ada/Library/Application Support/Hob',
    );
    assert.match(resolveDataDir(undefined, on('win32', { LOCALAPPDATA: '/local' })), /local.Hob$/);
  });
});
