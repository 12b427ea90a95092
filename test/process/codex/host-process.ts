/** A host in a process of its own, with a home that is the test's, and an editor that may decide. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { findHost, type FoundHost } from '#schema/client/find-host.ts';
import { connectHost } from '#schema/client/host-client.ts';
import type { ApprovalView } from '#schema/views/approval.ts';
import { shipped } from '../../fakes/shipped.ts';
import { TestEditor } from '../../fakes/test-editor.ts';

export class HostProcess {
  readonly editor: TestEditor;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, editor: TestEditor) {
    this.#child = child;
    this.editor = editor;
  }

  static async start(dataDir: string, home: string): Promise<HostProcess> {
    // The socket too lies where the test cleans up.
    const { PATH, HOB_CACHE_DIR } = process.env;
    const env = { PATH, HOB_CACHE_DIR, HOME: home, XDG_RUNTIME_DIR: home };
    const child = spawn(process.execPath, [shipped.host, '--data-dir', dataDir], {
      env,
      stdio: 'ignore',
    });
    const { endpoint, key } = await comeUp(dataDir, child);
    const editor = new TestEditor(
      await connectHost({ address: endpoint.address, key, role: 'extension' }),
    );
    await editor.enroll();
    return new HostProcess(child, editor);
  }

  /** The next question that waits, however slow the machine is: agents start several programs before they ask. */
  async nextCard(): Promise<ApprovalView> {
    for (let tries = 0; tries < 1_200; tries += 1) {
      const card = (await this.editor.waiting()).at(-1);
      if (card !== undefined) return card;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error('no card came');
  }

  /** Stops it for certain; harmless when repeated. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }

  /** A host that lives and does not answer. */
  freeze(): void {
    this.#child.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child.kill('SIGCONT');
  }
}

async function comeUp(dataDir: string, child: ChildProcess): Promise<FoundHost> {
  for (let tries = 0; tries < 6_000; tries += 1) {
    if (child.exitCode !== null) throw new Error(`the host ended with ${child.exitCode}`);
    const found = await findHost({ dataDir });
    if (found !== null) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('the host did not come up');
}
