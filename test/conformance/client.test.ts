// The official conformance suites of MCP against Hob as a client: a real host for each scenario, which adds the
// suite's server behind an address, signs in there as a person does where that is wanted, pins its tools and calls
// them through the gate.
//
// What the server asks a person meanwhile is answered by one who sends each form as it stands.
//
// Not among them: of the extensions, logins that an enterprise manages, DPoP, workload identity and skills.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import * as path from 'node:path';
import { build } from 'esbuild';
import { after, before, describe, it } from 'mocha';
import { faultsIn, runSuite, scenariosOf, type Findings } from './suite.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

type Tool = 'conformance-1' | 'conformance-2';

/** One suite, and what it asks for: a version of the protocol, or `extension`, which is on the way of none. */
interface Suite {
  tool: Tool;
  version: string;
}

/** Scenario → the least number of checks that pass in each of these suites; null where it is not in it. */
interface Table {
  suites: readonly Suite[];
  scenarios: Readonly<Record<string, readonly (number | null)[]>>;
}

const first = (version: string): Suite => ({ tool: 'conformance-1', version });
const second = (version: string): Suite => ({ tool: 'conformance-2', version });

const tables: readonly Table[] = [
  {
    suites: [first('2025-11-25'), second('2025-11-25'), second('2026-07-28')],
    scenarios: {
      initialize: [1, 1, null],
      tools_call: [1, 2, 2],
      'sse-retry': [3, 3, null],
      'elicitation-sep1034-client-defaults': [5, 5, null],
      'sep-2322-client-request-state': [null, null, 5],
      'json-schema-2020-12-preservation': [null, 9, 9],
      'request-metadata': [null, null, 6],
      'http-standard-headers': [null, null, 3],
      'http-custom-headers': [null, null, 18],
      'http-invalid-tool-headers': [null, null, 12],
      'json-schema-ref-no-deref': [null, null, 1],
      'auth/metadata-default': [16, 21, 20],
      'auth/metadata-var1': [16, 21, 20],
      'auth/metadata-var2': [16, 21, 20],
      'auth/metadata-var3': [16, 21, 20],
      'auth/basic-cimd': [16, 16, 14],
      'auth/scope-from-www-authenticate': [17, 17, 16],
      'auth/scope-from-scopes-supported': [17, 17, 16],
      'auth/scope-omitted-when-undefined': [17, 17, 16],
      'auth/scope-step-up': [29, 29, 32],
      'auth/scope-retry-limit': [10, 10, 11],
      'auth/token-endpoint-auth-basic': [21, 22, 21],
      'auth/token-endpoint-auth-post': [21, 22, 21],
      'auth/token-endpoint-auth-none': [21, 22, 21],
      'auth/pre-registration': [16, 16, 14],
      'auth/authorization-server-migration': [null, null, 30],
      'auth/iss-supported': [null, null, 16],
      'auth/iss-not-advertised': [null, null, 16],
      'auth/iss-supported-missing': [null, null, 8],
      'auth/iss-wrong-issuer': [null, null, 8],
      'auth/iss-unexpected': [null, null, 8],
      'auth/iss-normalized': [null, null, 8],
      'auth/metadata-issuer-mismatch': [null, null, 3],
    },
  },
  {
    suites: [first('draft'), second('2026-07-28')],
    scenarios: {
      'auth/resource-mismatch': [3, 3],
      'auth/offline-access-scope': [18, 17],
      'auth/offline-access-not-supported': [17, 16],
    },
  },
  {
    suites: [first('2025-03-26'), second('2025-03-26')],
    scenarios: {
      'auth/2025-03-26-oauth-metadata-backcompat': [16, 15],
      'auth/2025-03-26-oauth-endpoint-fallback': [10, 10],
    },
  },
  {
    suites: [first('extension'), second('extension')],
    scenarios: {
      'auth/client-credentials-jwt': [11, 11],
      'auth/client-credentials-basic': [11, 11],
    },
  },
];

interface Row extends Suite {
  scenario: string;
  checks: number;
}

const rows: readonly Row[] = tables.flatMap(({ suites, scenarios }) =>
  suites.flatMap((suite, at) =>
    Object.entries(scenarios).flatMap(([scenario, checks]) => {
      const least = checks[at] ?? null;
      return least === null ? [] : [{ ...suite, scenario, checks: least }];
    }),
  ),
);

/** Those of a suite that are run here. */
const runHere = (tool: Tool, version?: string): readonly string[] =>
  rows
    .filter((row) => row.tool === tool && (version === undefined || row.version === version))
    .map(({ scenario }) => scenario);

/** At once: each is mostly a host that starts. */
const AT_ONCE = 2;

describe('MCP client, official conformance suites', function () {
  this.timeout(300_000);
  const folder = temporaryFolder('suite-client');
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
    for (const { tool, version, scenario } of rows)
      found.set(
        `${tool} ${version} ${scenario}`,
        inTurn(() => run(tool, version, scenario)),
      );
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const { tool, version, scenario, checks } of rows)
    it(`[G-70] [X-11]${scenario.startsWith('auth/') ? ' [X-13]' : ''} ${tool}, ${version}: ${scenario}`, async () => {
      const findings = await found.get(`${tool} ${version} ${scenario}`);
      assert.ok(findings !== undefined);
      assert.deepEqual(faultsIn(findings, { scenarios: 1, checks }), [], findings.output);
      console.log(`      ${findings.passed} checks, 0 failed`);
    });

  it('[G-70] every scenario that a version requires is among them, and all of the first suite but one', async () => {
    for (const [version, count] of [
      ['2025-11-25', 18],
      ['2026-07-28', 32],
    ] as const) {
      const required = await scenariosOf('conformance-2', ['--requirements', version]);
      const here = runHere('conformance-2', version);
      const missing = required.filter((scenario) => !here.includes(scenario));
      assert.deepEqual([required.length, missing], [count, []], version);
    }
    const all = await scenariosOf('conformance-1', []);
    const here = runHere('conformance-1');
    const missing = all.filter((scenario) => !here.includes(scenario));
    assert.deepEqual([all.length, missing], [26, ['auth/cross-app-access-complete-flow']]);
  });

  it('[G-70] [G-43] a scenario that needs what Hob does not offer is red here', async () => {
    const findings = await run('conformance-2', 'extension', 'auth/dpop');
    assert.ok(findings.failed.length > 0);
  });
});
