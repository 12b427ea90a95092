import type { AgentView, ConnectPlan, InstallLink } from '#schema/views/agent.ts';
import { HobError } from '#host/kernel/errors.ts';
import { agentDisplays } from '#schema/views/hooked-agents.ts';
import { agentSpecs } from '../core/connect/agents.ts';
import { OVER_MCP, type AgentSpec } from '../core/connect/spec.ts';
import type { ConfigEdit } from '../core/connect/edit.ts';
import { mcpLaunch, shellQuoted, type Launch } from '../core/connect/launch.ts';
import { installLinks } from '../core/connect/links.ts';
import {
  planConnect,
  planUndo,
  type Digest,
  type Planned,
  type UndoFile,
} from '../core/connect.ts';
import { isHookedAgent } from '../core/hook-request.ts';
import type { AgentFinder, ConfigFiles, UndoRecords } from './ports.ts';

export interface AgentConnectorOptions {
  readonly files: ConfigFiles;
  readonly finder: AgentFinder;
  readonly undo: UndoRecords;
  readonly launch: Launch;
  readonly digest: Digest;
}

export interface Applied {
  readonly plan: ConnectPlan;
  /** What was written, for `agent.connected`. */
  readonly files: readonly {
    path: string;
    sha256_before: string | null;
    sha256_after: string | null;
  }[];
}

/** Connects installed agents to Hob and takes them off again. Nothing is written but the plan that was shown. */
export class AgentConnector {
  readonly #o: AgentConnectorOptions;

  constructor(options: AgentConnectorOptions) {
    this.#o = options;
  }

  /** Errors: `agent_unknown`, `agent_config_invalid`, `agent_config_changed`. */
  async plan(name: string, { undo = false } = {}): Promise<ConnectPlan> {
    const { planned, record } = await this.#plan(name, undo);
    if (!planned.ok) {
      const { code, path, why, diff } = planned.refusal;
      const details = { path, ...(diff === undefined ? {} : { diff }) };
      throw new HobError(code, { message: `${path}: ${why}`, details });
    }
    const drifted = !undo && record.length > 0 && planned.plan.files.length > 0;
    return drifted ? { ...planned.plan, state: 'changed' } : planned.plan;
  }

  /** Writes the plan whose hash was shown; refuses with `agent_config_changed` when it would be another one now. */
  async apply(
    name: string,
    { undo = false, plan_hash }: { undo?: boolean; plan_hash: string },
  ): Promise<Applied> {
    const plan = await this.plan(name, { undo });
    if (plan.plan_hash !== plan_hash) throw new HobError('agent_config_changed');
    const spec = specOf(name);
    const record = await this.#o.undo.load(spec.agent);
    // Before the first byte is written: an undo record too many is harmless, one too few is not.
    if (!undo) await this.#o.undo.save(spec.agent, await this.#recordFor(spec, plan, record));
    const modes = new Map(this.#edits(spec).map(({ path, mode }) => [path, mode]));
    for (const { path, before, after } of plan.files)
      await this.#o.files.replace(path, before, after, modes.get(path));
    if (undo) {
      for (const folder of record.flatMap(({ folders = [] }) => folders).toReversed())
        await this.#o.files.removeEmpty(folder);
      await this.#o.undo.save(spec.agent, []);
    }
    const sha = (text: string | null) => (text === null ? null : this.#o.digest(text));
    const files = plan.files.map(({ path, before, after }) => ({
      path,
      sha256_before: sha(before),
      sha256_after: sha(after),
    }));
    return { plan, files };
  }

  links(): InstallLink[] {
    return installLinks((client) => mcpLaunch(this.#o.launch, client), {
      quote: shellQuoted,
      toBase64: (text) => Buffer.from(text, 'utf8').toString('base64'),
    });
  }

  /** What is really gated now, from the agent's files as they are. */
  async coverage(name: string): Promise<AgentView['coverage']> {
    const spec = specOf(name);
    const edits = this.#edits(spec);
    const current = await this.#readAll(edits, []);
    const textOf = (edit: ConfigEdit) => current.get(edit.path) ?? null;
    const gone = new Set(edits.flatMap((edit) => edit.gone(textOf(edit))));
    const skipped = edits.flatMap((edit) => edit.skipped?.(textOf(edit) ?? '') ?? []);
    const isConnected = gone.size === 0 || (await this.#o.undo.load(spec.agent)).length > 0;
    if (!isConnected) return notGated(null, [NOT_CONNECTED]);
    const server_present = !gone.has('server');
    const left = server_present ? [] : [SERVER_GONE];
    if (gone.has('hook')) return { ...notGated(false, [HOOK_GONE, ...left]), server_present };
    if (skipped.length > 0) return { ...notGated(true, [...skipped, ...left]), server_present };
    return {
      gated: true,
      covered: spec.covered.filter((what) => server_present || what !== OVER_MCP),
      not_covered: [...left, ...spec.notCovered],
      hook_present: true,
      server_present,
    };
  }

  async #plan(
    name: string,
    undo: boolean,
  ): Promise<{ planned: Planned; record: readonly UndoFile[] }> {
    const spec = specOf(name);
    const edits = this.#edits(spec);
    const record = await this.#o.undo.load(spec.agent);
    if (undo && record.length === 0)
      throw new HobError('not_found', {
        message: `Hob has not connected ${agentDisplays[spec.agent]} from this data directory.`,
      });
    const current = await this.#readAll(edits, record);
    const found = await this.#o.finder.find(spec);
    const inputs = { spec, edits, current, found, digest: this.#o.digest };
    return { planned: undo ? planUndo(inputs, record) : planConnect(inputs), record };
  }

  #edits(spec: AgentSpec): readonly ConfigEdit[] {
    return spec.edits(this.#o.launch, this.#o.finder.places(spec));
  }

  async #readAll(
    edits: readonly ConfigEdit[],
    record: readonly UndoFile[],
  ): Promise<ReadonlyMap<string, string | null>> {
    const paths = new Set([...edits, ...record].map(({ path }) => path));
    const entries = await Promise.all(
      [...paths].map(async (path) => [path, await this.#o.files.read(path)] as const),
    );
    return new Map(entries);
  }

  /** Connecting again keeps what was there before the first time, and whatever the user changed since. */
  async #recordFor(
    spec: AgentSpec,
    plan: ConnectPlan,
    record: readonly UndoFile[],
  ): Promise<UndoFile[]> {
    const missing = new Map<string, readonly string[]>();
    for (const { path } of plan.files) missing.set(path, await this.#o.files.missingFolders(path));
    const edits = this.#edits(spec);
    const written = plan.files.map(({ path, before, after }): UndoFile => {
      const old = record.find((file) => file.path === path);
      const without =
        before === null
          ? null
          : (edits.find((edit) => edit.path === path)?.remove(before) ?? before);
      return {
        path,
        before: old !== undefined && old.after === before ? old.before : without,
        after: after ?? '',
        folders: [...new Set([...(old?.folders ?? []), ...(missing.get(path) ?? [])])],
      };
    });
    return [
      ...record.filter((file) => !written.some(({ path }) => path === file.path)),
      ...written,
    ];
  }
}

function specOf(name: string): AgentSpec {
  if (!isHookedAgent(name))
    throw new HobError('agent_unknown', { details: { known: Object.keys(agentSpecs) } });
  return agentSpecs[name];
}

const HOOK_GONE = 'the hook of Hob is not in its file: nothing of this agent is gated';
const SERVER_GONE = "Hob's MCP server is not in its file: it cannot use the tools of Hob";
const NOT_CONNECTED = 'it is not connected, so nothing of it is gated';

const notGated = (hook_present: boolean | null, not_covered: string[]): AgentView['coverage'] => ({
  gated: false,
  covered: [],
  not_covered,
  hook_present,
});
