// The official conformance suites of MCP against Hob as a client: a real host for each scenario, which adds the
// suite's server behind an address, pins its tools and calls them through the gate.
//
// Not among them, and why: what asks the client for something (elicitation-sep1034-client-defaults,
// sep-2322-client-request-state), since Hob offers servers nothing to ask; auth/*, since there is no OAuth yet.
import assert from 'node:assert/strict';
import * as path from 'node:path';
import { describe, it } from 'mocha';
import { faultsIn, runSuite } from './suite.ts';

type Tool = 'conformance-1' | 'conformance-2';

/** Scenario → the least number of checks that pass, for one suite and version of the protocol. */
const rows: readonly {
  tool: Tool;
  version: string;
  scenarios: Readonly<Record<string, number>>;
}[] = [
  {
    tool: 'conformance-1',
    version: '2025-11-25',
    scenarios: { initialize: 1, tools_call: 1, 'sse-retry': 3 },
  },
  {
    tool: 'conformance-2',
    version: '2025-11-25',
    scenarios: {
      initialize: 1,
      tools_call: 2,
      'sse-retry': 3,
      'json-schema-2020-12-preservation': 9,
    },
  },
  {
    tool: 'conformance-2',
    version: '2026-07-28',
    scenarios: {
      tools_call: 2,
      'request-metadata': 5,
      'http-standard-headers': 3,
      'http-custom-headers': 18,
      'http-invalid-tool-headers': 12,
      'json-schema-ref-no-deref': 1,
      'json-schema-2020-12-preservation': 9,
    },
  },
];

const command = `${process.execPath} ${path.join(import.meta.dirname, 'client.ts')}`;

const run = (tool: Tool, version: string, scenario: string) => {
  const which = ['--spec-version', version, '--scenario', scenario];
  return runSuite(tool, ['client', '--command', command, ...which]);
};

describe('MCP client, official conformance suites', function () {
  this.timeout(120_000);

  for (const { tool, version, scenarios } of rows)
    for (const [scenario, checks] of Object.entries(scenarios))
      it(`[G-70] [X-11] ${tool}, ${version}: ${scenario}`, async () => {
        const findings = await run(tool, version, scenario);
        assert.deepEqual(faultsIn(findings, { scenarios: 1, checks }), [], findings.output);
        console.log(`      ${findings.passed} checks, 0 failed`);
      });

  it('[G-70] [G-43] a scenario that needs what Hob does not offer is red here', async () => {
    const findings = await run(
      'conformance-2',
      '2025-11-25',
      'elicitation-sep1034-client-defaults',
    );
    assert.ok(findings.failed.length > 0);
  });
});
