// One workbench for the tests of several files. Apart from gate-fixture.ts, which the bench uses without mocha.
import assert from 'node:assert/strict';
import { after, afterEach, before } from 'mocha';
import { startGate, type Agent, type Gate, type GateWindow } from './gate-fixture.ts';
import { screenshot } from './harness/workbench.ts';

/** What the tests of one file get of the workbench that several files share. */
export interface SharedGate {
  readonly gate: Gate;
  readonly editor: GateWindow;
  /** An agent that calls itself as the file asked. */
  readonly agent: Agent;
}

interface Opened {
  readonly gate: Gate;
  editor: GateWindow;
}
let shared: Promise<Opened> | undefined;

async function openShared(): Promise<Opened> {
  const gate = await startGate();
  try {
    return { gate, editor: await gate.openWindow() };
  } catch (failure) {
    await gate.stop();
    throw failure;
  }
}

/** The shared workbench with a tidy window, also after a file that closed it. */
async function tidyShared(): Promise<Opened> {
  const opened = await (shared ??= openShared());
  if (opened.editor.page.isClosed()) opened.editor = await opened.gate.openWindow();
  else await opened.editor.tidy();
  return opened;
}

/**
 * For files whose tests need no editor of their own: one workbench with one window for all of them,
 * because its start costs more than what they do in it. Tidied up before each file, and photographed as
 * test/out/NAME-failed.png after a test that failed. Call it in the file's `describe`.
 */
export function useSharedGate(name: string): SharedGate {
  let given: SharedGate | undefined;
  before(async () => {
    const { gate, editor } = await tidyShared();
    given = { gate, editor, agent: await gate.agent(name) };
  });
  afterEach(async function () {
    if (this.currentTest?.state !== 'failed' || given === undefined) return;
    if (given.editor.page.isClosed()) return;
    await screenshot(given.editor.page, `${name}-failed`);
    await given.editor.tidy();
  });
  const use = (): SharedGate => {
    assert.ok(given, 'the shared workbench has not been started');
    return given;
  };
  return {
    get gate() {
      return use().gate;
    },
    get editor() {
      return use().editor;
    },
    get agent() {
      return use().agent;
    },
  };
}

after(async () => {
  await (await shared?.catch(() => undefined))?.gate.stop();
});
