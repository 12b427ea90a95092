import { rmSync } from 'node:fs';
import type { LoadVoice } from '#host/conversation/turns/ports.ts';
import { compose } from '#host/runtime/compose.ts';
import { createHost, type HostOptions, type RunningHost } from '#host/runtime/in-process.ts';
import { TestEditor } from './test-editor.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A real host in this process on a data directory and workspace of its own, with an enrolled editor. */
export interface TestHost {
  readonly dataDir: string;
  readonly workspace: string;
  host: RunningHost;
  editor: TestEditor;
  /** Stops the host without draining and starts another one on the same data; `between` is what happens to that. */
  restart(between?: () => void | Promise<void>): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

interface TestHostOptions extends Pick<HostOptions, 'clock' | 'leaseTimes'> {
  /** What hears and speaks; without it this machine's own. */
  voice?: LoadVoice;
  hookPatienceMs?: number;
}

export async function startTestHost({
  voice,
  hookPatienceMs,
  ...given
}: TestHostOptions = {}): Promise<TestHost> {
  const changed = {
    ...(voice === undefined ? {} : { loadVoice: voice }),
    ...(hookPatienceMs === undefined ? {} : { hookPatienceMs }),
  };
  const dataDir = temporaryFolder('data');
  const workspace = temporaryFolder('workspace');
  const start = (): Promise<RunningHost> =>
    createHost({
      ...given,
      dataDir,
      compose: (options) => compose({ ...options, ...changed }),
      socket: false,
    });
  const host = await start();
  const editor = new TestEditor(await host.connect('extension'));
  await editor.enroll();
  await editor.open([workspace]);
  const test: TestHost = {
    dataDir,
    workspace,
    host,
    editor,
    async restart(between) {
      await test.host.stop({ drain: false });
      await between?.();
      test.host = await start();
      test.editor = test.editor.on(await test.host.connect('extension'));
      await test.editor.open([workspace]);
    },
    async [Symbol.asyncDispose]() {
      await test.host.stop({ drain: false });
      for (const folder of [dataDir, workspace]) rmSync(folder, { recursive: true, force: true });
    },
  };
  return test;
}
