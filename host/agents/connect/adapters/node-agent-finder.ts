import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import type { ConnectPlan } from '#schema/views/agent.ts';
import type { AgentPlaces, AgentSpec } from '../../core/connect/spec.ts';
import type { AgentFinder } from '../ports.ts';

export interface NodeAgentFinderOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home?: string;
}

/** Finds agents on PATH and by their configuration folder. */
export class NodeAgentFinder implements AgentFinder {
  readonly #env: NodeAgentFinderOptions['env'];
  readonly #home: string;

  constructor({ env, home = homedir() }: NodeAgentFinderOptions) {
    this.#env = env;
    this.#home = home;
  }

  places(spec: AgentSpec): AgentPlaces {
    const home = this.#absolute(spec.homeVariable) ?? this.#home;
    const configDir =
      this.#absolute(spec.configVariable) ?? join(home, ...spec.configFolder.split('/'));
    return { home, configDir, join };
  }

  #absolute(variable: string | undefined): string | undefined {
    const value = variable === undefined ? undefined : this.#env[variable];
    return value !== undefined && isAbsolute(value) ? value : undefined;
  }

  async find(spec: AgentSpec): Promise<ConnectPlan['found']> {
    const config_dir = this.places(spec).configDir;
    const executable = await this.#onPath(spec.executable);
    const configured = await reachable(config_dir, constants.F_OK);
    if (executable === null && !configured) return null;
    return {
      executable,
      version: executable === null ? null : await versionOf(executable),
      config_dir,
    };
  }

  async #onPath(name: string): Promise<string | null> {
    const names = process.platform === 'win32' ? [`${name}.exe`, `${name}.cmd`] : [name];
    for (const folder of (this.#env['PATH'] ?? '')
      .split(delimiter)
      .filter((entry) => isAbsolute(entry))) {
      for (const file of names) {
        const path = join(folder, file);
        if (await reachable(path, constants.X_OK)) return path;
      }
    }
    return null;
  }
}

const reachable = (path: string, mode: number): Promise<boolean> =>
  access(path, mode).then(
    () => true,
    () => false,
  );

/** The first line that looks like a version; null when the program does not say within 5 s. */
function versionOf(executable: string): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(
      executable,
      ['--version'],
      { timeout: 5_000, killSignal: 'SIGKILL', maxBuffer: 65_536 },
      (error, stdout) => {
        resolve(error === null ? (/\d+\.\d+[\w.+-]*/.exec(stdout)?.[0] ?? null) : null);
      },
    );
  });
}
