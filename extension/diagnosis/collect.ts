import * as vscode from 'vscode';
import { describeFailure } from '#schema/client/errors.ts';
import type { CommandResult } from '#schema/commands/registry.ts';
import type { AgentView } from '#schema/views/agent.ts';
import type { CommandContext } from '../commands/ports.ts';
import { givenTwice } from '../lm/given-twice.ts';
import type { Diagnosis, Fact } from './html.ts';
import { voiceWords } from './voice-facts.ts';

type Asked = readonly [name: string, ask: () => Promise<string>];

/** Everything that says how Hob is, each by itself: what does not answer says so instead. */
export async function collectDiagnosis(context: CommandContext): Promise<Diagnosis> {
  const { host, decider, dataDir, extensionVersion } = context;
  const asked: readonly Asked[] = [
    ['Runtime', async () => runtime(await host.request('runtime.status', {}))],
    ['Host', async () => version(await host.request('host.version', {}))],
    ['Deciders', async () => deciders(await host.request('decider.list', {}))],
    ['Agents', async () => agents(await host.request('agent.list', {}))],
    ['Voice', async () => voiceWords(await host.request('audio.device_list', {}))],
    ['Audit', async () => audit(await host.request('audit.verify', {}))],
  ];
  const answerable = host.state.kind === 'connected' ? asked : [];
  const answers = await Promise.all(
    answerable.map(async ([name, ask]): Promise<Fact> => {
      const value = await ask().catch((failure: unknown) => describeFailure(failure).message);
      return { name, value };
    }),
  );
  return {
    state: host.state,
    facts: [
      {
        name: 'Extension',
        value: `${extensionVersion}, in ${vscode.env.appName} ${vscode.version}`,
      },
      { name: 'Machine', value: machine() },
      { name: 'Data', value: dataDir() },
      { name: 'This editor decides', value: decider.problem ?? decider.status },
      ...answers,
      ...twice(),
    ],
  };
}

/** Silent where all is well. */
function twice(): Fact[] {
  const { lm } = vscode as { lm?: Partial<typeof vscode.lm> };
  const found = givenTwice((lm?.tools ?? []).map(({ name }) => name));
  const value =
    'This editor has Hob twice: once by the extension, and once by an mcp.json. ' +
    'Remove Hob from that file ("MCP: Open User Configuration", or .vscode/mcp.json): the extension gives all of it.';
  return found.length === 0 ? [] : [{ name: 'MCP', value }];
}

/** In a remote window the host and every command run where the extension runs. */
const machine = (): string =>
  `${process.platform} ${process.arch}, Node ${process.versions.node}` +
  (vscode.env.remoteName === undefined ? '' : `; remote window: ${vscode.env.remoteName}`);

const counted = (count: number, what: string): string =>
  `${count} ${what}${count === 1 ? '' : 's'}`;

const runtime = (status: CommandResult<'runtime.status'>): string =>
  [
    status.problem ?? status.state,
    `preset ${status.preset}`,
    `kill switch ${status.kill_switch ? 'on' : 'off'}`,
    `${status.waiting} waiting, ${status.held} held, ${status.executing} running`,
    `${counted(status.windows, 'window')}, ${counted(status.clients, 'client')}`,
  ].join(' · ');

const version = (host: CommandResult<'host.version'>): string =>
  [
    host.build,
    `process ${host.pid}`,
    `Node ${host.node}`,
    `since ${host.started_at}`,
    `contract ${host.versions.join(', ')}`,
    `store ${host.store_schema}`,
  ].join(' · ');

const deciders = ({ deciders: list }: CommandResult<'decider.list'>): string =>
  list.map(({ label, enrolled_at }) => `${label} (${enrolled_at})`).join('\n') || 'none';

const agents = ({ agents: list }: CommandResult<'agent.list'>): string =>
  list.map(agent).join('\n') || 'none';

function agent({ display, status, last_seen_at, coverage }: AgentView): string {
  const heard = last_seen_at === null ? 'never heard' : `heard ${last_seen_at}`;
  const gaps = coverage.not_covered.map((gap) => `\n  not covered: ${gap}`).join('');
  return `${display}: ${status}, ${coverage.gated ? 'gated' : 'not gated'}, ${heard}${gaps}`;
}

const audit = ({ ok, events, decisions, problems }: CommandResult<'audit.verify'>): string =>
  ok
    ? `verified: ${events} events, ${decisions} signed decisions`
    : problems.map(({ message }) => message).join('\n');
