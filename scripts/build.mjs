// @ts-check
// Bundles everything that ships into dist/: extension, host, CLI, hook, workers, panel.
//
//   node scripts/build.mjs [--watch]
//
// Each Node program is two files: `host.js`, a few lines that switch Node's compile cache on, and
// `host.main.js`, the bundle. The cache only helps code loaded after it was switched on.
import {
  chmodSync,
  copyFileSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import * as path from 'node:path';
import { context } from 'esbuild';
import { nativeInputs } from './lib/natives.mjs';
import { thirdPartyNotices } from './lib/notices.mjs';
import { say, seconds } from './lib/progress.mjs';
import { makeSpeechModel, runtimeFile } from './lib/speech-model.mjs';

const root = path.resolve(import.meta.dirname, '..');
const dist = path.join(root, 'dist');
const watch = process.argv.includes('--watch');

const codicons = ['codicon.css', 'codicon.ttf'];
const noticesFile = 'THIRD-PARTY-NOTICES.txt';

/** Programs for Node: name in dist/ → entry. The ones with a launcher are started by people and agents. */
const programs = {
  host: 'host/runtime/main.ts',
  hob: 'host/cli/main.ts',
  hook: 'host/cli/hook-main.ts',
};

// CommonJS dependencies inside an ESM bundle call `require` for Node's own modules.
const requireBanner =
  "import{createRequire as __hobRequire}from'node:module';const require=__hobRequire(import.meta.url);";

/** @type {import('esbuild').BuildOptions} */
const shared = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
  outdir: dist,
  metafile: true,
};

/**
 * The MCP SDK picks its parts for Node by a module of its own, and with them AJV, twice: 320 kB for schemas
 * that Hob checks by itself. Its parts for small machines check them with a tenth of that.
 * @type {import('esbuild').Plugin}
 */
const smallMcpParts = {
  name: 'small-mcp-parts',
  setup(build) {
    build.onResolve(
      { filter: /^@modelcontextprotocol\/(client|server)\/_shims$/ },
      ({ path: name }) => ({
        path: path.join(root, 'node_modules', path.dirname(name), 'dist/shimsWorkerd.mjs'),
      }),
    );
    // What checks the schemas is in both packages, the same but for the names of its files: once is enough.
    const copies = globSync(
      'node_modules/@modelcontextprotocol/{client,server}/dist/cfWorkerProvider-*.mjs',
      { cwd: root },
    ).map((file) => path.join(root, file));
    const [first, ...rest] = copies.map((file) =>
      readFileSync(file, 'utf8').replaceAll(/-[\w-]{8}\.mjs/g, ''),
    );
    if (rest.every((code) => code === first))
      build.onResolve({ filter: /\/cfWorkerProvider-/ }, () => ({ path: copies[0] ?? '' }));
  },
};

/**
 * Zod ties what writes JSON Schemas to every schema, a twelfth of the panel's scripts. The panel only
 * checks what it gets; asked for one all the same, it says so. What a schema calls while it is made
 * (`create…`) gives back what says so.
 * @type {import('esbuild').Plugin}
 */
const noJsonSchemas = {
  name: 'no-json-schemas',
  setup(build) {
    build.onLoad(
      { filter: /zod[\\/]v4[\\/]core[\\/](json-schema-processors|to-json-schema)\.js$/ },
      ({ path: file }) => {
        const exported = /^export (?:const|function) (\w+)/gm;
        const found = readFileSync(file, 'utf8').matchAll(exported);
        const names = [...found].map(([, name]) => name ?? '');
        const none = "const none = () => { throw new Error('The panel makes no JSON Schemas.'); };";
        const valueOf = (/** @type {string} */ name) =>
          name.startsWith('create') ? '() => none' : 'none';
        return {
          contents: [none, ...names.map((name) => `export const ${name} = ${valueOf(name)};`)].join(
            '\n',
          ),
        };
      },
    );
  },
};

/**
 * The vault is locked with one X25519 key. Of the other kinds that age knows, two bring half of its code along:
 * hybrids against quantum computers and keys on hardware tokens.
 * @type {import('esbuild').Plugin}
 */
const plainAge = {
  name: 'plain-age',
  setup(build) {
    build.onLoad({ filter: /@noble[\\/](post-quantum[\\/]hybrid|curves[\\/]nist)\.js$/ }, () => ({
      contents: `const none = new Proxy({}, { get() { throw new Error('Hob has no keys of this kind.'); } });
export const p256 = none, MLKEM768P256 = none, MLKEM768X25519 = none;`,
    }));
  },
};

/** @type {import('esbuild').BuildOptions} */
const forNode = {
  ...shared,
  platform: 'node',
  // The extension host of desktop VS Code may be a release behind; esbuild lowers `using` and the like.
  target: 'node22',
  format: 'esm',
  mainFields: ['module', 'main'],
  banner: { js: requireBanner },
  // Names are not kept: they were a twentieth of the code and a call for each function at every start. A trace
  // from a package still has its lines and columns, which a build of the same commit with maps resolves.
  plugins: [smallMcpParts, plainAge],
  // jose: for ways to log in that Hob does not offer; loaded by the MCP SDK when one of them is used.
  external: ['vscode', 'jose'],
};

/**
 * The few lines in front of a program. The cache lies in the user's own cache folder: in a shared
 * temporary folder somebody else could put code there first.
 * @param {string} name
 */
function launcher(name) {
  return `#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
const { HOB_CACHE_DIR, XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
const base = XDG_CACHE_HOME || (process.platform === 'win32' && LOCALAPPDATA) || join(homedir(), '.cache');
try {
  enableCompileCache?.(join(HOB_CACHE_DIR || join(base, 'hob'), 'compile'));
} catch {
  // No folder to write to: start without a cache.
}
await import('./${name}.main.js');
`;
}

/** Workers are found by their name, `*.worker.ts`, and become dist/<name>.worker.js. */
function workerEntries() {
  const found = globSync('host/**/*.worker.ts', { cwd: root }).map((file) => [
    path.basename(file, '.ts'),
    file,
  ]);
  if (new Set(found.map(([name]) => name)).size !== found.length) {
    throw new Error(`two workers of the same name: ${found.map(([, file]) => file).join(', ')}`);
  }
  return found;
}

/** @returns {import('esbuild').BuildOptions[]} */
function bundles() {
  const entries = Object.entries(programs).map(([name, entry]) => [`${name}.main`, entry]);
  return [
    // What several of them need is there once, and what is needed only now and then (the MCP server and
    // client, zod in the editor) lies in files of its own: all of them start sooner.
    {
      ...forNode,
      entryPoints: {
        ...Object.fromEntries(entries),
        extension: 'extension/extension.ts',
        ...Object.fromEntries(workerEntries()),
      },
      splitting: true,
      chunkNames: 'chunk.[name]-[hash]',
    },
    panel(),
  ];
}

/** @returns {import('esbuild').BuildOptions} */
function panel() {
  return {
    ...shared,
    platform: 'browser',
    target: 'chrome130',
    format: 'esm',
    entryPoints: { panel: 'webview-ui/main.ts' },
    // A tab that is not looked at every day is a script of its own, loaded with the first look.
    splitting: true,
    chunkNames: 'panel.[name]-[hash]',
    plugins: [noJsonSchemas],
    // Lit declares reactive properties on the prototype; a class field of the same name would hide them.
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
    loader: { '.ttf': 'file', '.svg': 'text' },
    assetNames: '[name]',
    define: { 'process.env.NODE_ENV': '"production"' },
  };
}

function writeLaunchers() {
  for (const name of Object.keys(programs)) {
    const file = path.join(dist, `${name}.js`);
    writeFileSync(file, launcher(name));
    chmodSync(file, 0o755);
  }
}

/** The icon font is a file of its own: @vscode-elements finds it through a <link> in the document. */
function copyCodicons() {
  for (const name of codicons) {
    copyFileSync(
      path.join(root, 'node_modules/@vscode/codicons/dist', name),
      path.join(dist, name),
    );
  }
}

function report() {
  for (const name of readdirSync(dist).toSorted()) {
    const file = path.join(dist, name);
    if (statSync(file).isFile())
      say(`  ${(statSync(file).size / 1024).toFixed(1).padStart(8)} kB  dist/${name}`);
  }
}

/** @param {readonly import('esbuild').BuildResult[]} results */
function writeNotices(results) {
  const inputs = results.flatMap(({ metafile }) => Object.keys(metafile?.inputs ?? {}));
  const copied = codicons.map((name) => `node_modules/@vscode/codicons/dist/${name}`);
  const natives = nativeInputs(root, `${process.platform}-${process.arch}`);
  writeFileSync(
    path.join(dist, noticesFile),
    thirdPartyNotices(root, [...inputs, ...copied, ...natives]),
  );
}

/**
 * What an earlier build left and this one did not write. Files are replaced one by one, never the folder:
 * a host may be running from it.
 * @param {readonly import('esbuild').BuildResult[]} results
 */
function removeStale(results) {
  const outputs = results.flatMap(({ metafile }) => Object.keys(metafile?.outputs ?? {}));
  const launchers = Object.keys(programs).map((name) => `${name}.js`);
  const current = new Set(outputs.map((file) => path.basename(file)));
  for (const name of [...launchers, ...codicons, noticesFile, runtimeFile, 'host'])
    current.add(name);
  for (const name of readdirSync(dist)) {
    if (!current.has(name) && !name.endsWith('.vsix')) {
      rmSync(path.join(dist, name), { recursive: true, force: true });
    }
  }
}

const started = performance.now();
mkdirSync(dist, { recursive: true });
const contexts = await Promise.all(bundles().map((options) => context(options)));
const results = await Promise.all(contexts.map((one) => one.rebuild())).catch(() => {
  // esbuild has said what is wrong, on stderr.
  process.exit(1);
});
// esbuild warns of imports that do not exist and the like: none of them is fine in what ships.
const warned = results.some(({ warnings }) => warnings.length > 0);
writeLaunchers();
copyCodicons();
await makeSpeechModel(root, dist);
writeNotices(results);
removeStale(results);
report();
say(`  built in ${seconds(performance.now() - started)}`);
if (watch) {
  await Promise.all(contexts.map((one) => one.watch()));
  say('  watching; Ctrl-C ends it');
} else {
  await Promise.all(contexts.map((one) => one.dispose()));
  if (warned) process.exitCode = 1;
}
