// @ts-check
// Fills the tool folder and asks the system's package manager for the rest. Each install can be
// repeated and interrupted: the marker file is written last, and a folder without one is begun anew.
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runQuietly, say, step } from './progress.mjs';
import {
  findProgram,
  npmTool,
  npmTools,
  systemTools,
  toolDir,
  toolMarker,
  toolsDir,
} from './tool-table.mjs';

const lockPollMs = 1000;
const projectModules = path.resolve(fileURLToPath(import.meta.url), '../../../node_modules');
const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
const withoutScripts = ['--ignore-scripts', ...quiet];

/**
 * Environment for an npm of its own: what the outer `npm run` exported about this project would send
 * the inner one to the wrong folder. Settings of the user (registry, proxy, certificates) stay.
 * @param {Record<string, string>} extra
 */
export function npmEnv(extra = {}) {
  const ours = /^(npm_(lifecycle|package|command|config_local_prefix|config_prefix)|INIT_CWD)/;
  const entries = Object.entries(process.env).filter(([key]) => !ours.test(key));
  return { ...Object.fromEntries(entries), ...extra };
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/**
 * One installer at a time for a folder; the lock of a process that is gone is taken over.
 * @template T
 * @param {string} lock
 * @param {() => Promise<T>} work
 */
async function withLock(lock, work) {
  for (let told = false; ;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
      const pid = readLock(lock);
      if (pid !== undefined && !isAlive(pid)) rmSync(lock, { force: true });
      else if (!told) told = (say(`  waiting for another install (process ${pid ?? '?'})`), true);
      await new Promise((resolve) => setTimeout(resolve, lockPollMs));
    }
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** @param {string} lock */
function readLock(lock) {
  try {
    const pid = Number(readFileSync(lock, 'utf8'));
    // Just created and not yet written: leave its owner two seconds.
    if (pid > 0) return pid;
    return Date.now() - statSync(lock).mtimeMs > 2000 ? 2 ** 30 : undefined;
  } catch {
    return undefined;
  }
}

/** @param {string} nodeDir */
const compilingEnv = (nodeDir) => npmEnv(nodeDir === '' ? {} : { npm_config_nodedir: nodeDir });

/**
 * code-server without its full install: that would need libkrb5 and compile five addons. These two are
 * the ones that the workbench cannot run without. Node's headers come from the npm package `node`, so
 * nothing is downloaded from outside the registry.
 * @param {string} dir
 * @param {string} nodeDir
 */
async function installCodeServer(dir, nodeDir) {
  const { package: name, version } = npmTool('code-server');
  const env = compilingEnv(nodeDir);
  const vscode = path.join(dir, 'node_modules', name, 'lib/vscode');
  await runQuietly('npm', ['install', `${name}@${version}`, ...withoutScripts], { cwd: dir, env });
  await runQuietly('npm', ['install', '--omit=dev', ...withoutScripts], { cwd: vscode, env });
  await runQuietly('npm', ['install', '--omit=dev', ...withoutScripts], {
    cwd: path.join(vscode, 'extensions'),
    env,
  });
  const addons = ['@vscode/spdlog', '@vscode/native-watchdog'];
  await runQuietly('npm', ['rebuild', '--foreground-scripts', ...addons], { cwd: vscode, env });
}

/**
 * @param {string} dir
 * @param {string} name
 */
async function installPlain(dir, name) {
  const tool = npmTool(name);
  const spec = `${tool.package}@${tool.version}`;
  await runQuietly('npm', ['install', spec, ...quiet], { cwd: dir, env: npmEnv() });
}

/**
 * @param {string} dir
 * @param {string} name
 * @param {string} nodeDir
 */
async function installAddon(dir, name, nodeDir) {
  const { package: addon, version } = npmTool(name);
  const spec = `${addon}@${version}`;
  await runQuietly('npm', ['install', spec, ...withoutScripts], { cwd: dir, env: npmEnv() });
  const env = compilingEnv(nodeDir);
  await runQuietly('npm', ['rebuild', '--foreground-scripts', addon], { cwd: dir, env });
}

/**
 * Where the project has a compiled addon.
 * @param {string} name
 */
const addonFolder = (name) => path.join(projectModules, npmTool(name).package);

/**
 * Whether it is an addon that the project has compiled already.
 * @param {string} name
 */
const hasAddon = (name) =>
  npmTool(name).isAddon === true && existsSync(path.join(addonFolder(name), npmTool(name).entry));

/** @param {string} name */
function putIntoProject(name) {
  const from = path.join(toolDir(name), 'node_modules', npmTool(name).package);
  rmSync(addonFolder(name), { recursive: true, force: true });
  cpSync(from, addonFolder(name), { recursive: true });
}

/**
 * Installs one tool of the table unless it is there.
 * @param {string} name
 * @param {{ nodeDir: string }} options nodeDir: folder with Node's `include/`, or ''
 */
async function installNpmTool(name, { nodeDir }) {
  const marker = toolMarker(name);
  if (existsSync(marker)) return;
  const dir = toolDir(name);
  mkdirSync(toolsDir(), { recursive: true });
  await withLock(`${dir}.lock`, async () => {
    if (existsSync(marker)) return;
    const tool = npmTool(name);
    await step(`Installing ${tool.about}`, async () => {
      rmSync(dir, { recursive: true, force: true });
      mkdirSync(dir, { recursive: true });
      writeFileSync(path.join(dir, 'package.json'), `{"name":"hob-tool-${name}","private":true}\n`);
      if (name === 'code-server') await installCodeServer(dir, nodeDir);
      else if (tool.isAddon) await installAddon(dir, name, nodeDir);
      else await installPlain(dir, name);
      const entry = path.join(dir, 'node_modules', tool.package, tool.entry);
      if (!existsSync(entry))
        throw new Error(`${tool.package}@${tool.version} has no ${tool.entry}`);
      writeFileSync(marker, JSON.stringify({ package: tool.package, version: tool.version }));
    });
  });
}

/** @param {string} name */
function isPresent(name) {
  if (name === 'chromium' && process.env.CHROMIUM && existsSync(process.env.CHROMIUM)) return true;
  const tool = systemTools[name];
  if (!tool) throw new Error(`no system tool named ${name}`);
  const programs = tool.programs.every((names) => findProgram(names) !== undefined);
  return programs && tool.paths.every((file) => existsSync(file));
}

/**
 * Installs missing system packages when that is possible without asking (root on Debian).
 * @param {readonly string[]} names
 * @returns {Promise<string | undefined>} undefined when all is there, else what the person has to do
 */
async function ensureSystemTools(names) {
  const missing = names.filter((name) => !isPresent(name));
  if (missing.length === 0) return undefined;
  const packages = [...new Set(missing.flatMap((name) => systemTools[name]?.debian ?? []))];
  const install = `apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  const apt = findProgram(['apt-get']);
  if (apt === undefined) {
    return `Missing: ${missing.join(', ')}. On Debian these are the packages ${packages.join(' ')}; install their like here and try again.`;
  }
  if (process.getuid?.() !== 0) {
    return `Missing: ${missing.join(', ')}. Run this, then try again:\n\n    sudo apt-get update && sudo ${install}\n`;
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await step(`Installing system packages: ${packages.join(' ')}`, async () => {
    await runQuietly(apt, ['update', '-q'], { env });
    await runQuietly(apt, install.split(' ').slice(1), { env });
  });
  const still = missing.filter((name) => !isPresent(name));
  return still.length === 0 ? undefined : `Still missing after the install: ${still.join(', ')}`;
}

/**
 * Splits what was asked for into the two kinds, with what each tool needs before it.
 * @param {readonly string[]} wanted
 */
function planTools(wanted) {
  const unknown = wanted.filter((name) => !(name in npmTools) && !(name in systemTools));
  if (unknown.length > 0) {
    const known = [...Object.keys(npmTools), ...Object.keys(systemTools)].join(', ');
    throw new Error(`unknown tool ${unknown.join(', ')}; known: ${known}`);
  }
  const packages = wanted.filter((name) => npmTools[name] && !hasAddon(name));
  const npm = packages.filter((name) => !existsSync(toolMarker(name)));
  const addons = packages.filter((name) => npmTools[name]?.isAddon);
  const system = wanted.filter((name) => name in systemTools);
  // A browser without a single font draws empty boxes into every screenshot.
  if (wanted.includes('chromium')) system.push('fonts');
  const needs = npm.flatMap((name) => npmTools[name]?.needs ?? []);
  return { npm, addons, system: [...new Set([...system, ...needs])] };
}

/** Folder with the headers of the project's Node, for addons; '' lets node-gyp find its own. */
function nodeHeaders() {
  const os = process.platform === 'win32' ? 'win' : process.platform;
  const places = [
    path.join(projectModules, 'node/node_modules', `node-${os}-${process.arch}`),
    path.join(projectModules, `node-${os}-${process.arch}`),
  ];
  return places.find((dir) => existsSync(path.join(dir, 'include/node/node.h'))) ?? '';
}

/**
 * Makes sure that every tool named is there. The npm packages of the project come first: their Node and
 * its headers are used here.
 * @param {readonly string[]} wanted  names of the tool table
 * @returns {Promise<string | undefined>} undefined when all is there, else what the person has to do
 */
export async function ensureTools(wanted) {
  const plan = planTools(wanted);
  const todo = await ensureSystemTools(plan.system);
  if (todo !== undefined) return todo;
  const nodeDir = nodeHeaders();
  for (const name of plan.npm) await installNpmTool(name, { nodeDir });
  for (const name of plan.addons) putIntoProject(name);
  return undefined;
}
