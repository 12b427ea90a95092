// The official conformance suites of MCP against Hob as a client: a real host for each scenario, which adds the
// suite's server behind an address, signs in there as a person does where that is wanted, pins its tools and calls
// them through the gate.
//
// Not among them, and why: what asks the client for something (elicitation-sep1034-client-defaults,
// sep-2322-client-request-state), since Hob offers servers nothing to ask; of the extensions, logins that an
// enterprise manages, DPoP, workload identity and skills.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { build } from 'esbuild';
import { after, before, describe, it } from 'mocha';
import { faultsIn, runSuite, type Findings } from './suite.ts';

type Tool = 'conformance-1' | 'conformance-2';

/** Scenario → the least number of checks that pass, for one suite and version of the protocol. */
interface Row {
  tool: Tool;
  /** `extension`: on the way of no version. */
  version: string;
  scenarios: Readonly<Record<string, number>>;
}

const rows: readonly Row[] = [
  {
    tool: 'conformance-1',
    version: '2025-11-25',
    scenarios: {
      initialize: 1,
      tools_call: 1,
      'sse-retry': 3,
      'auth/metadata-default': 16,
      'auth/metadata-var1': 16,
      'auth/metadata-var2': 16,
      'auth/metadata-var3': 16,
      'auth/basic-cimd': 16,
      'auth/scope-from-www-authenticate': 17,
      'auth/scope-from-scopes-supported': 17,
      'auth/scope-omitted-when-undefined': 17,
      'auth/scope-step-up': 29,
      'auth/scope-retry-limit': 10,
      'auth/token-endpoint-auth-basic': 21,
      'auth/token-endpoint-auth-post': 21,
      'auth/token-endpoint-auth-none': 21,
      'auth/pre-registration': 16,
    },
  },
  {
    tool: 'conformance-1',
    version: 'draft',
    scenarios: {
      'auth/resource-mismatch': 3,
      'auth/offline-access-scope': 18,
      'auth/offline-access-not-supported': 17,
    },
  },
  {
    tool: 'conformance-1',
    version: '2025-03-26',
    scenarios: {
      'auth/2025-03-26-oauth-metadata-backcompat': 16,
      'auth/2025-03-26-oauth-endpoint-fallback': 10,
    },
  },
  {
    tool: 'conformance-1',
    version: 'extension',
    scenarios: { 'auth/client-credentials-jwt': 11, 'auth/client-credentials-basic': 11 },
  },
  {
    tool: 'conformance-2',
    version: '2025-11-25',
    scenarios: {
      initialize: 1,
      tools_call: 2,
      'sse-retry': 3,
      'json-schema-2020-12-preservation': 9,
      'auth/metadata-default': 21,
      'auth/metadata-var1': 21,
      'auth/metadata-var2': 21,
      'auth/metadata-var3': 21,
      'auth/basic-cimd': 16,
      'auth/scope-from-www-authenticate': 17,
      'auth/scope-from-scopes-supported': 17,
      'auth/scope-omitted-when-undefined': 17,
      'auth/scope-step-up': 29,
      'auth/scope-retry-limit': 10,
      'auth/token-endpoint-auth-basic': 22,
      'auth/token-endpoint-auth-post': 22,
      'auth/token-endpoint-auth-none': 22,
      'auth/pre-registration': 16,
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
      'auth/metadata-default': 20,
      'auth/metadata-var1': 20,
      'auth/metadata-var2': 20,
      'auth/metadata-var3': 20,
      'auth/basic-cimd': 14,
      'auth/scope-from-www-authenticate': 16,
      'auth/scope-from-scopes-supported': 16,
      'auth/scope-omitted-when-undefined': 16,
      'auth/scope-step-up': 32,
      'auth/scope-retry-limit': 11,
      'auth/token-endpoint-auth-basic': 21,
      'auth/token-endpoint-auth-post': 21,
      'auth/token-endpoint-auth-none': 21,
      'auth/pre-registration': 14,
      'auth/resource-mismatch': 3,
      'auth/offline-access-scope': 17,
      'auth/offline-access-not-supported': 16,
      'auth/authorization-server-migration': 30,
      'auth/iss-supported': 16,
      'auth/iss-not-advertised': 16,
      'auth/iss-supported-missing': 8,
      'auth/iss-wrong-issuer': 8,
      'auth/iss-unexpected': 8,
      'auth/iss-normalized': 8,
      'auth/metadata-issuer-mismatch': 3,
    },
  },
  {
    tool: 'conformance-2',
    version: '2025-03-26',
    scenarios: {
      'auth/2025-03-26-oauth-metadata-backcompat': 15,
      'auth/2025-03-26-oauth-endpoint-fallback': 10,
    },
  },
  {
    tool: 'conformance-2',
    version: 'extension',
    scenarios: { 'auth/client-credentials-jwt': 11, 'auth/client-credentials-basic': 11 },
  },
];

/** At once: each is mostly a host that starts. */
const AT_ONCE = 2;

describe('MCP client, official conformance suites', function () {
  this.timeout(300_000);
  const folder = mkdtempSync(path.join(tmpdir(), 'hob-suite-client-'));
  const client = path.join(folder, 'client.mjs');

  const run = (tool: Tool, version: string, scenario: string): Promise<Findings> => {
    const which = version === 'extension' ? [] : ['--spec-version', version];
    const command = `${process.execPath} ${client}`;
    return runSuite(tool, ['client', '--command', command, ...which, '--scenario', scenario]);
  };

  /** Begins one as soon as there is room for it. */
  const waiting: (() => void)[] = [];
  let free = AT_ONCE;
  const inTurn = async (work: () => Promise<Findings>): Promise<Findings> => {
    if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    else free -= 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };

  const found = new Map<string, Promise<Findings>>();
  before(async () => {
    // One file instead of a thousand: the same code starts in half of the time.
    await build({
      entryPoints: [path.join(import.meta.dirname, 'client.ts')],
      outfile: client,
      bundle: true,
      platform: 'node',
      format: 'esm',
      mainFields: ['module', 'main'],
      banner: {
        js: "import{createRequire as requireOf}from'node:module';const require=requireOf(import.meta.url);",
      },
      logLevel: 'error',
    });
    for (const { tool, version, scenarios } of rows)
      for (const scenario of Object.keys(scenarios))
        found.set(
          `${tool} ${version} ${scenario}`,
          inTurn(() => run(tool, version, scenario)),
        );
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const { tool, version, scenarios } of rows)
    for (const [scenario, checks] of Object.entries(scenarios))
      it(`[G-70] [X-11]${scenario.startsWith('auth/') ? ' [X-13]' : ''} ${tool}, ${version}: ${scenario}`, async () => {
        const findings = await found.get(`${tool} ${version} ${scenario}`);
        assert.ok(findings !== undefined);
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
