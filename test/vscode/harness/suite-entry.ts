// What the extension host loads as its tests: the same module in desktop VS Code and in code-server.
// Bundled next to the tests by run-suite.ts, as CommonJS, because the workbench calls require on it.
import { readdirSync } from 'node:fs';
import * as path from 'node:path';
import Mocha from 'mocha';

/** Called by the workbench; a rejection is a failed suite. The report goes where HOB_SUITE_REPORT says. */
export async function run(): Promise<void> {
  const output = process.env['HOB_SUITE_REPORT'];
  if (output === undefined) throw new Error('HOB_SUITE_REPORT is not set');
  const mocha = new Mocha({ timeout: 600_000, reporter: 'json', reporterOptions: { output } });
  const tests = readdirSync(__dirname).filter((name) => name.endsWith('.test.js'));
  for (const name of tests) mocha.addFile(path.join(__dirname, name));
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) throw new Error(`${failures} tests failed`);
}
