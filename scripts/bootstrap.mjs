#!/usr/bin/env node
// @ts-check
// From a bare machine to a working tree: npm packages, Node 24, and on demand the tools that tests and
// `npm start` use. Plain JavaScript without dependencies, because it runs before anything is installed
// and on Node 20, which cannot run TypeScript.
//
//   node scripts/bootstrap.mjs [--with TOOL,TOOL] [-- COMMAND ARG…]
//
// With a command, runs it afterwards with Node 24 and node_modules/.bin first in PATH, and ends as it ends.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { ensureTools, npmEnv } from './lib/install.mjs';
import { runQuietly, say, step } from './lib/progress.mjs';

const root = path.resolve(
  import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname),
  '..',
);
const modules = path.join(root, 'node_modules');
const marker = path.join(modules, '.hob-installed');
const oldestNode = 20;

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
}

function isMarked() {
  return existsSync(marker) && readFileSync(marker, 'utf8') === lockHash();
}

/** npm writes node_modules/.package-lock.json last; ours is written after it, with what was installed. */
function packagesAreCurrent() {
  const npmsOwn = path.join(modules, '.package-lock.json');
  if (!existsSync(npmsOwn)) return false;
  if (isMarked()) return true;
  // Installed by hand: as good as ours when it is not older than the lockfile.
  return statSync(npmsOwn).mtimeMs >= statSync(path.join(root, 'package-lock.json')).mtimeMs;
}

async function ensurePackages() {
  if (!packagesAreCurrent()) {
    // Not `npm ci`: it refuses a lockfile without the binaries of every other platform, and not every
    // registry has all of those. This installs what the lockfile says and writes nothing back.
    const args = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
    // The lockfile says what is right, whatever the age of what npm kept of it.
    args.push('--prefer-offline');
    await step('Installing npm packages (about a minute the first time)', () =>
      runQuietly('npm', args, { cwd: root, env: npmEnv() }),
    );
  }
  if (!isMarked()) writeFileSync(marker, lockHash());
}

/** Node 24 as the npm package `node` supplies it, whatever `node` is outside. */
function projectNode() {
  const file = path.join(modules, 'node/bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (!existsSync(file)) {
    throw new Error(
      'node_modules/node has no binary: its install script did not run. Delete node_modules and try again.',
    );
  }
  return file;
}

/** PATH with our Node first: everything that is started after this, npm included, runs on it. */
function useProjectNode() {
  const dirs = [path.join(modules, 'node/bin'), path.join(modules, '.bin')];
  process.env.PATH = [...dirs, process.env.PATH ?? ''].join(path.delimiter);
}

/**
 * Replaces this process as far as that is possible: same terminal, same signals, same end.
 * @param {string} command
 * @param {readonly string[]} args
 */
function handOver(command, args) {
  const child = spawn(command === 'node' ? projectNode() : command, args, {
    cwd: root,
    stdio: 'inherit',
  });
  // Stay alive while the child cleans up, then end as it did. Ctrl-C in a terminal reaches both of us;
  // the child takes the second SIGINT for the first.
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => child.kill(signal));
  }
  child.once('error', fail);
  child.once('close', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
    process.exit();
  });
}

/** @param {unknown} error */
function fail(error) {
  say(`\n✗ ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}

/** @param {readonly string[]} argv */
function parse(argv) {
  const end = argv.indexOf('--');
  const own = end === -1 ? argv : argv.slice(0, end);
  const command = end === -1 ? [] : argv.slice(end + 1);
  const wanted = [];
  for (let i = 0; i < own.length; i += 2) {
    const list = own[i + 1];
    if (own[i] !== '--with' || list === undefined) {
      throw new Error('usage: bootstrap.mjs [--with TOOL,TOOL] [-- COMMAND ARG…]');
    }
    wanted.push(...list.split(',').filter((name) => name !== ''));
  }
  return { wanted, command };
}

async function main() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < oldestNode)
    throw new Error(`Node ${oldestNode} or newer is needed, this is ${process.version}`);
  const { wanted, command } = parse(process.argv.slice(2));
  await ensurePackages();
  useProjectNode();
  const todo = await ensureTools(wanted);
  if (todo !== undefined) throw new Error(todo);
  const [program, ...args] = command;
  if (program !== undefined) handOver(program, args);
}

main().catch(fail);
