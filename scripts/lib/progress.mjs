// @ts-check
// Says what is going on while a step takes its time, and keeps quiet about the rest: the output of a
// program is shown only when it fails (or with HOB_VERBOSE=1).
import { spawn } from 'node:child_process';

const heartbeatMs = 15_000;

/** @param {number} ms */
export function seconds(ms) {
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}

/** @param {string} text */
export function say(text) {
  process.stdout.write(`${text}\n`);
}

/**
 * Runs `work`, printing its title first, a line every 15 s while it lasts, and the time it took.
 * @template T
 * @param {string} title
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  const started = performance.now();
  say(`▸ ${title}`);
  const heartbeat = setInterval(() => {
    say(`  … still at it, ${seconds(performance.now() - started)}`);
  }, heartbeatMs);
  try {
    const result = await work();
    say(`  done in ${seconds(performance.now() - started)}`);
    return result;
  } finally {
    clearInterval(heartbeat);
  }
}

/**
 * The first and the last of a long output: npm says what is wrong first, compilers last.
 * @param {string} text
 */
function ends(text) {
  const limit = 2000;
  if (text.length <= 2 * limit) return text;
  return `${text.slice(0, limit)}\n…\n${text.slice(-limit)}`;
}

/**
 * Runs a program to its end without showing its output. Rejects with the end of that output.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<string>} what it printed on stdout
 */
export function runQuietly(program, args, options = {}) {
  const verbose = process.env.HOB_VERBOSE === '1';
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...options,
      stdio: ['ignore', 'pipe', 'pipe'],
      // npm is a .cmd on Windows, which only a shell can start; no argument here comes from outside.
      shell: process.platform === 'win32',
    });
    let stdout = '';
    let both = '';
    child.stdout.on('data', (data) => {
      stdout += data;
      both += data;
      if (verbose) process.stdout.write(data);
    });
    child.stderr.on('data', (data) => {
      both += data;
      if (verbose) process.stderr.write(data);
    });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) resolve(stdout);
      else
        reject(
          new Error(`${program} ${args.join(' ')} ended with ${signal ?? code}:\n${ends(both)}`),
        );
    });
  });
}
