// The official conformance suites of MCP against a real host, through the bridge that agents use.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { PLANTED_FAULT } from './profile/contents.ts';
import { faultsIn, runSuite, type Expected } from './suite.ts';
import { ConformanceWorld } from './world.ts';

interface Suite {
  title: string;
  tool: 'conformance-1' | 'conformance-2';
  args: readonly string[];
  expected: Expected;
  /** The same suite on one scenario only. */
  one: (scenario: string) => readonly string[];
}

const suites: readonly Suite[] = [
  {
    title: '0.1.16, all',
    tool: 'conformance-1',
    args: ['--suite', 'all'],
    expected: { scenarios: 32, checks: 44 },
    one: (scenario) => ['--scenario', scenario],
  },
  {
    // 30 that are required, and 3 that are not scored.
    title: 'what 2025-11-25 requires',
    tool: 'conformance-2',
    args: ['--requirements', '2025-11-25'],
    expected: { scenarios: 30 + 3, checks: 81 },
    one: (scenario) => ['--spec-version', '2025-11-25', '--scenario', scenario],
  },
  {
    // 37 that are required, and 13 that are not scored: tasks, schemas and headers.
    title: 'what 2026-07-28 requires',
    tool: 'conformance-2',
    args: ['--requirements', '2026-07-28'],
    expected: { scenarios: 37 + 13, checks: 194 },
    one: (scenario) => ['--spec-version', '2026-07-28', '--scenario', scenario],
  },
];

describe('MCP server, official conformance suites', () => {
  let world: ConformanceWorld;
  let faulty: ConformanceWorld;

  before(async () => {
    world = new ConformanceWorld();
    faulty = new ConformanceWorld();
    await Promise.all([world.start(), faulty.start({ [PLANTED_FAULT]: '1' })]);
  });
  after(() => Promise.all([world[Symbol.asyncDispose](), faulty[Symbol.asyncDispose]()]));

  for (const { title, tool, args, expected, one } of suites) {
    it(`[G-70] ${title}: nothing failed, and as much was looked at as there is`, async () => {
      const findings = await runSuite(tool, ['server', '--url', world.url, ...args]);
      assert.deepEqual(faultsIn(findings, expected), [], findings.output);
      console.log(`      ${findings.scenarios} scenarios, ${findings.passed} checks, 0 failed`);
    });

    it(`[G-70] [G-43] ${title}: a planted fault turns it red`, async () => {
      const scenario = one('tools-call-simple-text');
      const good = await runSuite(tool, ['server', '--url', world.url, ...scenario]);
      assert.deepEqual(faultsIn(good, { scenarios: 1, checks: 1 }), []);
      const bad = await runSuite(tool, ['server', '--url', faulty.url, ...scenario]);
      assert.notEqual(bad.status, 0);
      assert.match(bad.failed.join('\n'), /tools-call-simple-text/);
    });
  }

  it('[G-70] [G-43] a suite that looked at too little is red, whatever its exit status', () => {
    const good = { status: 0, scenarios: 2, passed: 5, failed: [], output: '' };
    const expected = { scenarios: 2, checks: 5 };
    assert.deepEqual(faultsIn(good, expected), []);
    for (const wrong of [
      { scenarios: 1 },
      { passed: 4 },
      { passed: 0, scenarios: 0 },
      { status: 1 },
      { failed: ['ping'] },
    ])
      assert.notDeepEqual(faultsIn({ ...good, ...wrong }, expected), []);
  });
});
