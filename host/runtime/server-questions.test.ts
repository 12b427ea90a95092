import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { EditorContext } from '#schema/views/editor-context.ts';
import { EditorWindows } from '#host/runs/editors/windows.ts';
import type { EventStore } from '#host/store/ports.ts';
import { serverQuestions } from './server-questions.ts';

const question = {
  kind: 'form' as const,
  question: 'Well?',
  fields: [],
  run_id: 'run_1',
  tool: 'echo',
  server_id: 'srv_1',
  server: 'far',
};

describe('putting what servers ask', () => {
  it('[X-14] nobody is asked where no window is open, or in a workspace that is not trusted', async () => {
    const windows = new EditorWindows();
    const run = { workspace_id: 'ws_1', principal: { display: 'codex' }, correlation_id: 'c' };
    const store = { document: async () => run } as unknown as EventStore;
    const ask = serverQuestions({ store, windows, inquiries: () => assert.fail('it was asked') });
    const answer = () => ask(question, new AbortController().signal);
    assert.deepEqual(await answer(), { action: 'cancel', why: 'no window of the editor is open' });
    const connection = { id: 'c1', sendEvent: () => true };
    const context = { window_id: 'w1', focused: true, trusted: false, folders: [] as string[] };
    windows.set(connection, 'ws_1', context as unknown as EditorContext);
    assert.deepEqual(await answer(), { action: 'cancel', why: 'the workspace is not trusted' });
  });
});
