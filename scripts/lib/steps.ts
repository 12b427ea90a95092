// A list of commands run one after the other, each with its title, its time and its end. What passes in
// silence is not shown; what fails is, at once and again in the summary.
import { spawn } from 'node:child_process';
import * as path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { say, seconds } from './progress.mjs';

export const root = path.resolve(import.meta.dirname, '../..');

/** One command of a list. `program` "node" is the Node that runs this. */
export interface Step {
  readonly title: string;
  readonly program: string;
  readonly args: readonly string[];
  /** Show the output while it runs; otherwise only when it fails. */
  readonly live?: boolean;
  /** Without this one the rest makes no sense: stop when it fails. */
  readonly essential?: boolean;
  /** Minutes after which it is taken for hanging and its process group is killed. */
  readonly limitMinutes?: number;
  readonly env?: Readonly<Record<string, string>>;
}

export interface StepResult {
  readonly title: string;
  readonly passed: boolean;
  readonly ms: number;
  /** Why, when it did not pass. */
  readonly reason?: string;
}

const defaultLimitMinutes = 20;

/** Without a terminal no colours: CI=true alone makes tools write them into logs. */
const plain: Readonly<Record<string, string>> = process.stdout.isTTY ? {} : { NO_COLOR: '1' };

function bin(name: string): string {
  return name === 'node' ? process.execPath : path.join(root, 'node_modules/.bin', name);
}

/**
 * Runs one step to its end, in a process group of its own so that a hanging one can be ended whole. `together` with
 * others its output is shown in one piece, at the end.
 */
export async function runStep(step: Step, together = false): Promise<StepResult> {
  const started = performance.now();
  const shown = step.live === true;
  const live = shown && !together;
  say(`▸ ${step.title}`);
  const child = spawn(bin(step.program), step.args, {
    cwd: root,
    env: { ...process.env, ...plain, ...step.env },
    stdio: ['ignore', live ? 'inherit' : 'pipe', live ? 'inherit' : 'pipe'],
    detached: process.platform !== 'win32',
  });
  let output = '';
  child.stdout?.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr?.on('data', (data: Buffer) => (output += data.toString()));
  const endGroup = (signal: NodeJS.Signals): void => killGroup(child.pid, signal);
  const stopListening = forwardSignals(endGroup);
  const limit = step.limitMinutes ?? defaultLimitMinutes;
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    endGroup('SIGKILL');
  }, limit * 60_000);
  const ended = await new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => {
      resolve(code === 0 ? undefined : `ended with ${signal ?? code ?? '?'}`);
    });
  });
  clearTimeout(timer);
  stopListening();
  const reason = timedOut ? `still running after ${limit} min` : ended;
  const ms = performance.now() - started;
  const readable = process.stdout.isTTY ? output : stripVTControlCharacters(output);
  if ((reason !== undefined || shown) && !live) say(readable.trimEnd());
  say(
    `${reason === undefined ? '✓' : '✗'} ${step.title}, ${seconds(ms)}${reason ? `: ${reason}` : ''}`,
  );
  return { title: step.title, passed: reason === undefined, ms, ...(reason ? { reason } : {}) };
}

function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch {
    // Already gone.
  }
}

/** A step sits in its own group, so Ctrl-C does not reach it by itself. */
function forwardSignals(send: (signal: NodeJS.Signals) => void): () => void {
  const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  const handlers = signals.map((signal) => {
    const handler = (): void => {
      send(signal);
      process.exitCode = 130;
      // One chance to clean up, then the end.
      setTimeout(() => process.exit(), 3000).unref();
    };
    process.on(signal, handler);
    return { signal, handler };
  });
  return () => {
    for (const { signal, handler } of handlers) process.removeListener(signal, handler);
  };
}

const isInterrupted = (): boolean => process.exitCode === 130;

/** @returns whether what comes after them makes sense */
async function oneByOne(steps: readonly Step[], results: StepResult[]): Promise<boolean> {
  for (const step of steps) {
    const result = await runStep(step);
    results.push(result);
    if ((step.essential === true && !result.passed) || isInterrupted()) return false;
  }
  return true;
}

/** So many at a time: whichever lane is free takes the next, so that none is idle before the list is at its end. */
async function inLanes(
  lanes: number,
  steps: readonly Step[],
  results: StepResult[],
): Promise<void> {
  const left = [...steps];
  const lane = async (): Promise<void> => {
    for (let step = left.shift(); step !== undefined && !isInterrupted(); step = left.shift())
      results.push(await runStep(step, true));
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

/**
 * Runs `first` one by one, then the rest in as many `lanes`, longest first; prints the summary, and says whether
 * everything passed.
 */
export async function runSteps(
  first: readonly Step[],
  rest: readonly Step[] = [],
  lanes = 1,
): Promise<boolean> {
  const results: StepResult[] = [];
  if (await oneByOne(first, results)) await inLanes(lanes, rest, results);
  say('');
  for (const { title, passed, ms, reason } of results) {
    say(
      `${passed ? '✓' : '✗'} ${seconds(ms).padStart(7)}  ${title}${reason ? ` (${reason})` : ''}`,
    );
  }
  const left = first.length + rest.length - results.length;
  if (left > 0) say(`  ${left} more not run`);
  return left === 0 && results.every(({ passed }) => passed);
}
