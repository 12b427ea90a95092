import type { ActionCall } from '#schema/views/action-call.ts';
import type { Clock } from '#host/kernel/clock.ts';
import { HobError, toWireError } from '#host/kernel/errors.ts';
import type { Effect, Outcome, Runner } from '../../ports.ts';
import { commandEnvironment } from './environment.ts';
import { KeptOutput } from './kept-output.ts';
import type { Artifacts } from './ports.ts';
import { startGroup, type ProcessGroup } from './process-group.ts';
import { resolveFolder, resolveProgram } from './resolve.ts';

export interface CommandRunnerOptions {
  /** Absolute paths of the folders of a workspace; empty when no window of it is open. */
  folders(workspaceId: string): readonly string[];
  /** The host's own environment. */
  env: Readonly<Record<string, string | undefined>>;
  clock: Clock;
  artifacts: Artifacts;
  /** How long a command may run, milliseconds. */
  timeoutMs: () => number;
}

/** How a process ended; `stopped` when Hob ended it. */
interface End {
  exit_code: number | null;
  signal: string | null;
  stopped: 'cancelled' | 'timeout' | null;
}

/** After the program's end, how long bytes may still come that it has written. */
const DRAIN_MS = 1_000;

/**
 * Runs `argv` itself: no shell, a process group of its own, an environment of known names, a folder
 * inside the workspace. A process that makes itself a session of its own leaves the group and is
 * not followed.
 */
export class CommandRunner implements Runner {
  readonly #o: CommandRunnerOptions;

  constructor(options: CommandRunnerOptions) {
    this.#o = options;
  }

  /**
   * The call with its real folder and program, which is what is shown, hashed and run. Preparing a
   * prepared call gives the same call again unless the disk has changed.
   */
  prepare: Runner['prepare'] = async (call, workspaceId) => {
    try {
      const argv = argvOf(call);
      const cwd = await resolveFolder(call.cwd, this.#o.folders(workspaceId));
      const executable = await resolveProgram(argv[0], cwd, this.#o.env);
      const names =
        call.env_names === undefined ? {} : { env_names: [...new Set(call.env_names)].toSorted() };
      return { ok: true, call: { ...call, cwd, executable, ...names } };
    } catch (failure) {
      return { ok: false, error: toWireError(failure) };
    }
  };

  async execute({ call, run_id, workspace_id, signal }: Effect): Promise<Outcome> {
    // What was approved may be old: the links are followed once more, and must lead to the same place.
    const again = await this.prepare(call, workspace_id);
    if (!again.ok) return { ...again, result: null };
    if (again.call.executable !== call.executable || again.call.cwd !== call.cwd)
      return failure(new HobError('arguments_changed'));
    if (signal.aborted)
      return failure(
        new HobError('not_cancellable', { message: 'It was cancelled before it started.' }),
      );
    const open = (name: string) => () => this.#o.artifacts.open({ run_id, workspace_id, name });
    return this.#run(again.call, signal, {
      stdout: new KeptOutput(open('stdout')),
      stderr: new KeptOutput(open('stderr')),
    });
  }

  async #run(
    call: ActionCall,
    signal: AbortSignal,
    output: { stdout: KeptOutput; stderr: KeptOutput },
  ): Promise<Outcome> {
    const began = this.#o.clock.monotonic();
    const env = commandEnvironment(this.#o.env, call.env_names ?? []);
    const argv = argvOf(call);
    const group = startGroup(
      { file: call.executable ?? argv[0], argv, cwd: call.cwd ?? '/', env },
      this.#o.clock,
    );
    group.child.stdout?.on('data', (chunk: Buffer) => output.stdout.push(chunk));
    group.child.stderr?.on('data', (chunk: Buffer) => output.stderr.push(chunk));
    const end = await this.#ended(group, signal).catch(
      (cause: unknown) =>
        new HobError('command_not_found', { message: 'The program could not be started.', cause }),
    );
    if (end instanceof HobError) return failure(end);
    const artifacts = {
      stdout_artifact: await output.stdout.finish(),
      stderr_artifact: await output.stderr.finish(),
    };
    const result = {
      exit_code: end.exit_code,
      signal: end.signal,
      stdout: output.stdout.text(),
      stderr: output.stderr.text(),
      truncated: output.stdout.truncated || output.stderr.truncated,
      ...Object.fromEntries(Object.entries(artifacts).filter(([, id]) => id !== null)),
      duration_ms: Math.round(this.#o.clock.monotonic() - began),
    };
    if (end.stopped === null && end.exit_code === 0) return { ok: true, result };
    return { ok: false, error: endError(end).toWire(), result };
  }

  /** Resolves when the program has ended and nothing of its group is left; rejects when it could not be started. */
  #ended(group: ProcessGroup, signal: AbortSignal): Promise<End> {
    const { child } = group;
    return new Promise((resolve, reject) => {
      let stopped: End['stopped'] = null;
      const stop = (why: 'cancelled' | 'timeout') => (): void => {
        stopped ??= why;
        group.stop();
      };
      const onAbort = stop('cancelled');
      signal.addEventListener('abort', onAbort, { once: true });
      const cancelTimeout = this.#o.clock.timer(this.#o.timeoutMs(), stop('timeout'));
      const cleanUp = (): void => {
        cancelTimeout();
        signal.removeEventListener('abort', onAbort);
      };
      child.once('error', (cause) => {
        cleanUp();
        reject(cause);
      });
      child.once('exit', (exit_code, name) => {
        cleanUp();
        // Whatever the program left behind in its group goes with it, and with it the other ends of the pipes.
        group.kill();
        void this.#drained(group).then(() => resolve({ exit_code, signal: name, stopped }));
      });
    });
  }

  /** The pipes close when their last writer has gone. A process that left the group may keep them open: it is not waited for. */
  #drained({ child }: ProcessGroup): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#o.clock.timer(DRAIN_MS, () => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      });
      child.once('close', () => {
        cancel();
        resolve();
      });
    });
  }
}

const failure = (error: HobError): Outcome => ({ ok: false, error: error.toWire(), result: null });

function argvOf(call: ActionCall): [string, ...string[]] {
  const [program, ...rest] = call.argv ?? [];
  if (call.action !== 'command.run' || program === undefined || program === '')
    throw new HobError('invalid_payload', {
      message: 'The host runs only commands that are given as argv.',
    });
  if ([program, ...rest].some((word) => word.includes('\0')))
    throw new HobError('invalid_payload', { message: 'No word of a command may hold a NUL byte.' });
  return [program, ...rest];
}

function endError({ exit_code, signal, stopped }: End): HobError {
  if (stopped === 'timeout') return new HobError('command_timeout');
  if (stopped === 'cancelled')
    return new HobError('command_failed', { message: 'It was cancelled.' });
  return new HobError('command_failed', {
    message:
      signal === null
        ? `It ended with exit code ${exit_code ?? -1}.`
        : `It was ended by ${signal}.`,
  });
}
