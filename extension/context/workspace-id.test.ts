import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { workspaceIdSchema } from '#schema/envelope/ids.ts';
import { workspaceId } from './workspace-id.ts';

const folder = (uri: string) => workspaceId({ file: undefined, folders: [uri] });

describe('the id of a workspace', () => {
  it('[A-42] is the same for the same folder, another for another one, and fits the contract', () => {
    assert.equal(folder('file:///a'), folder('file:///a'));
    assert.notEqual(folder('file:///a'), folder('file:///b'));
    assert.match(folder('file:///a'), /^ws_[0-9a-f]{16}$/);
    assert.equal(workspaceIdSchema.safeParse(folder('file:///ä b')).success, true);
  });

  it('is that of the workspace file where there is one, whatever the folders are', () => {
    const one = workspaceId({ file: 'file:///w.code-workspace', folders: ['file:///a'] });
    const two = workspaceId({ file: 'file:///w.code-workspace', folders: ['file:///b'] });
    assert.equal(one, two);
  });

  it('[A-42] is the default without a folder', () => {
    assert.equal(workspaceId({ file: undefined, folders: [] }), 'ws_dev');
  });
});
