// Mocha's list of tests, and two things that it keeps to itself: the reason of a failure at once, because a
// suite that is ended at its limit never comes to its summary, and what is left open after the last test.
import Mocha from 'mocha';

/** How long processes and connections of the last test may take to end. */
const LEFT_OPEN_MS = 60_000;

const { EVENT_TEST_FAIL, EVENT_RUN_END } = Mocha.Runner.constants;
const { consoleLog } = Mocha.reporters.Base;

// Mocha takes no other export.
// oxlint-disable-next-line import/no-default-export
export default class extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    runner.on(EVENT_TEST_FAIL, (_test, failure: unknown) => {
      const reason =
        failure instanceof Error ? (failure.stack ?? failure.message) : String(failure);
      consoleLog(reason.replaceAll(/^/gm, '      '));
    });
    runner.on(EVENT_RUN_END, () => {
      // Only a process that does not end by itself comes to this.
      setTimeout(() => {
        consoleLog(`left open by a test: ${process.getActiveResourcesInfo().join(', ')}`);
        // Mocha sets the code of its own at the very end.
        process.once('exit', () => (process.exitCode = 1));
        process.exit();
      }, LEFT_OPEN_MS).unref();
    });
  }
}
