import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { modelFolder } from './model-folder.ts';
import { temporaryFolder } from '../../../../test/fakes/temporary-folder.ts';

describe('where the model lies', () => {
  let extensions: string;
  const put = (folder: string): string => {
    const place = path.join(extensions, folder);
    mkdirSync(place, { recursive: true });
    writeFileSync(path.join(place, 'contents.json'), '{}');
    return place;
  };
  const found = (): string | null =>
    modelFolder(path.join(extensions, 'hob.hob-0.1.0-linux-x64', 'dist'));

  beforeEach(() => {
    extensions = temporaryFolder('extensions');
    mkdirSync(path.join(extensions, 'hob.hob-0.1.0-linux-x64', 'dist'), { recursive: true });
  });
  afterEach(() => rmSync(extensions, { recursive: true, force: true }));

  it('nowhere, where nobody installed it', () => {
    put('hob.hob-hearingaid-1.0.0/model');
    mkdirSync(path.join(extensions, 'hob.hob-hearing-0.1.0'));
    assert.equal(found(), null);
  });

  it('nowhere, where the folder of extensions cannot be read', () => {
    assert.equal(modelFolder(path.join(extensions, 'gone', 'hob', 'dist')), null);
  });

  it('[V-30] in the package beside Hob, the newest of them', () => {
    put('hob.hob-hearing-0.9.0/model');
    const newest = put('hob.hob-hearing-0.10.0/model');
    assert.equal(found(), newest);
  });

  it('where it was built, before any that is installed', () => {
    put('hob.hob-hearing-0.9.0/model');
    const built = put('hob.hob-0.1.0-linux-x64/dist/host/voice/model/moonshine');
    assert.equal(found(), built);
  });
});
