// Imports follow the tier table. Before the real tree is believed, the same rules are run on a planted
// one where each rule is broken once: dependency-cruiser passes on nothing when it cannot parse
// TypeScript, so a check that does not see the planted faults is itself the fault.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { cruise } from 'dependency-cruiser';
import type { ICruiseResult, IViolation } from 'dependency-cruiser';
import { hostTiers, layerRules } from './lib/layers.ts';
import { say } from './lib/progress.mjs';
import { root } from './lib/steps.ts';

const folders = ['schema', 'host', 'extension', 'webview-ui', 'scripts', 'test'];

interface Looked {
  readonly modules: readonly string[];
  readonly violations: readonly IViolation[];
}

async function look(baseDir: string): Promise<Looked> {
  const { output } = await cruise(folders, {
    baseDir,
    ruleSet: { forbidden: layerRules() },
    validate: true,
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|[.]cache|test/(out|fixtures))/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types'],
    },
  });
  const result = output as ICruiseResult;
  const modules = result.modules
    .map(({ source }) => source)
    .filter((source) => /[.]m?ts$|[.]mjs$/.test(source));
  return {
    modules: modules.filter((source) => folders.some((folder) => source.startsWith(`${folder}/`))),
    violations: result.summary.violations,
  };
}

/** File → content, and the rule that must object to it. */
interface Plant {
  readonly rule: string;
  readonly file: string;
  readonly content: string;
}

function plants(): Plant[] {
  const sameTier = hostTiers.flatMap((row) => row.slice(1).map((folder, i) => [folder, row[i]]));
  const upwards = hostTiers.slice(1).map((row, i) => [hostTiers[i]?.[0], row[0]]);
  const tier = [...sameTier, ...upwards].map(([from = '', to = '']) => ({
    rule: `tier-${from}`,
    file: `host/${from}/plant-${to}.ts`,
    content: `import type { thing } from '#host/${to}/thing.ts';\nexport type X = typeof thing;\n`,
  }));
  const one = (rule: string, file: string, to: string): Plant => ({
    rule,
    file,
    content: `import { thing } from '${to}';\nexport const x = thing;\n`,
  });
  return [
    ...tier,
    one('host-is-below-its-clients', 'host/runtime/plant.ts', '../../extension/thing.ts'),
    one('adapters-belong-to-their-folder', 'host/policy/plant.ts', '#host/store/adapters/thing.ts'),
    one('core-knows-no-adapter', 'host/store/core/plant.ts', '../adapters/thing.ts'),
    one('worker-is-alone', 'host/inference/worker/plant.ts', '#host/store/thing.ts'),
    one('schema-stands-alone', 'schema/plant.ts', '../host/kernel/thing.ts'),
    one('extension-uses-the-contract', 'extension/plant.ts', '#host/kernel/thing.ts'),
    one('panel-uses-the-contract', 'webview-ui/plant.ts', '../extension/thing.ts'),
    { rule: 'pure-means-no-node', file: 'host/runs/core/plant.ts', content: "import 'node:fs';\n" },
    ...['http', 'https', 'http2', 'net', 'tls', 'dgram', 'dns', 'dns/promises'].map((name) => ({
      rule: 'one-way-out',
      file: `host/runs/plant-${name.replace('/', '-')}.ts`,
      content: `import 'node:${name}';\n`,
    })),
    one('no-cycle', 'host/kernel/plant-a.ts', './plant-b.ts'),
    one('no-cycle', 'host/kernel/plant-b.ts', './plant-a.ts'),
    one('resolves', 'host/kernel/plant-nowhere.ts', '#host/kernel/nowhere.ts'),
  ];
}

/** What the planted files import, and what must stay without objection. */
function bystanders(): Record<string, string> {
  const thing =
    "import { z } from 'node:url';\nusing nothing = null as never;\nexport const thing = z ?? nothing;\n";
  const files = hostTiers.flat().map((folder) => `host/${folder}/thing.ts`);
  return {
    ...Object.fromEntries(files.map((file) => [file, 'export const thing = 1;\n'])),
    'host/store/adapters/thing.ts': thing,
    'host/store/service.ts': "export { thing } from './adapters/thing.ts';\n",
    'host/runtime/compose.ts': "export { thing } from '#host/store/adapters/thing.ts';\n",
    'host/egress/adapters/net.ts': "import 'node:https';\n",
    'extension/thing.ts': "export type { thing } from '#schema/thing.ts';\n",
    'schema/thing.ts': 'export const thing = 1;\n',
    'webview-ui/main.ts': "export { thing } from '#schema/thing.ts';\n",
    'scripts/thing.ts': 'export {};\n',
    'test/thing.ts': 'export {};\n',
  };
}

async function checkPlanted(): Promise<string[]> {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'hob-layers-'));
  const planted = plants();
  const imports = { '#schema/*': './schema/*', '#host/*': './host/*' };
  const files = {
    ...bystanders(),
    ...Object.fromEntries(planted.map(({ file, content }) => [file, content])),
    'package.json': JSON.stringify({ name: 'planted', type: 'module', imports }),
  };
  try {
    for (const [file, content] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(dir, file)), { recursive: true });
      writeFileSync(path.join(dir, file), content);
    }
    const { violations } = await look(dir);
    // A cycle is reported once, from whichever of its modules was met first.
    const seen = new Set(
      violations.flatMap(({ rule, from, cycle = [] }) =>
        [from, ...cycle.map(({ name }) => name)].map((file) => `${rule.name} ${file}`),
      ),
    );
    const missed = planted.filter(({ rule, file }) => !seen.has(`${rule} ${file}`));
    const wronged = violations.filter(({ from }) => from in bystanders());
    return [
      ...missed.map(({ rule, file }) => `the planted fault in ${file} was not seen by ${rule}`),
      ...wronged.map(
        ({ rule, from, to }) => `${rule.name} objects to ${from} → ${to}, which is allowed`,
      ),
      ...layerRules()
        .filter(
          ({ name }) => !name?.startsWith('tier-') && !planted.some(({ rule }) => rule === name),
        )
        .map(({ name }) => `no fault is planted for ${name}`),
    ];
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function unknownFolders(): string[] {
  const known = new Set(hostTiers.flat());
  return readdirSync(path.join(root, 'host'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !known.has(entry.name))
    .map((entry) => `host/${entry.name} has no row in the tier table of scripts/lib/layers.ts`);
}

async function checkReal(): Promise<string[]> {
  const { modules, violations } = await look(root);
  const empty = folders.filter(
    (folder) => !modules.some((source) => source.startsWith(`${folder}/`)),
  );
  say(`  ${modules.length} modules, ${layerRules().length} rules`);
  return [
    ...empty.map((folder) => `no module of ${folder}/ was looked at`),
    ...violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`),
  ];
}

const problems = [...(await checkPlanted()), ...unknownFolders(), ...(await checkReal())];
for (const problem of problems) say(`✗ ${problem}`);
process.exitCode = problems.length === 0 ? 0 : 1;
