import { statSync } from 'node:fs';
import type { CommandResult } from '#schema/commands/registry.ts';
import { hostFiles } from '#schema/client/data-dir.ts';
import type { AgentView } from '#schema/views/agent.ts';
import { describeFailure } from '#schema/client/errors.ts';
import { findHost, readEndpoint } from '#schema/client/find-host.ts';
import { connectHost, type HostClient } from '#schema/client/host-client.ts';
import { exitCodes, type CliCommand } from '../command.ts';
import { plain } from '../output.ts';

/** One thing that was looked at. */
interface Finding {
  check: string;
  ok: boolean;
  message: string;
}

/** Looks without starting or changing anything. */
export const diagnoseCommand: CliCommand = {
  name: 'diagnose',
  usage: 'diagnose',
  summary: 'Looks at the host, the store and the agents, and says what to do about what is wrong.',
  details: ['Starts and changes nothing. Exit status 1 when something is wrong.'],
  async run({ dataDir, out, program }) {
    const findings = [...lookAtFiles(dataDir), ...(await lookAtHost(dataDir, program.build))];
    const ok = findings.every((finding) => finding.ok);
    const text = findings.map(
      (finding) => `${finding.ok ? '  ok ' : '  !! '} ${finding.check}: ${finding.message}`,
    );
    out.result({ ok, data_dir: dataDir, findings }, [`Data: ${dataDir}`, ...text].join('\n'));
    return ok ? exitCodes.done : exitCodes.error;
  },
};

function lookAtFiles(dataDir: string): Finding[] {
  const found: Finding[] = [];
  try {
    const mode = statSync(dataDir).mode & 0o777;
    const isPrivate = process.platform === 'win32' || (mode & 0o022) === 0;
    found.push({
      check: 'data folder',
      ok: isPrivate,
      message: isPrivate
        ? 'there, and only you can write it'
        : `others can write it; run: chmod go-w ${dataDir}`,
    });
  } catch {
    found.push({
      check: 'data folder',
      ok: true,
      message: 'not there yet; the first start makes it',
    });
  }
  return found;
}

async function lookAtHost(dataDir: string, build: string): Promise<Finding[]> {
  try {
    const found = await findHost({ dataDir });
    if (found === null) return [await notRunning(dataDir)];
    const { address, instance_id: instanceId } = found.endpoint;
    const client = await connectHost({
      address,
      instanceId,
      key: found.key,
      role: 'cli',
      principalHint: 'diagnose',
    });
    try {
      return await askHost(client, build);
    } finally {
      await client.close();
    }
  } catch (failure) {
    const { code, message } = describeFailure(failure);
    return [
      {
        check: 'host',
        ok: false,
        message: `${message} (${code}) Its log is ${hostFiles(dataDir).log}.`,
      },
    ];
  }
}

async function notRunning(dataDir: string): Promise<Finding> {
  const stale = await readEndpoint(hostFiles(dataDir).endpoint);
  const left =
    stale === null
      ? ''
      : ` The host of ${stale.started_at} ended without saying so; its log is ${hostFiles(dataDir).log}.`;
  return {
    check: 'host',
    ok: true,
    message: `not running; the editor or any hob command starts it.${left}`,
  };
}

async function askHost(client: HostClient, build: string): Promise<Finding[]> {
  const [version, status, { agents }] = await Promise.all([
    client.request('host.version', {}),
    client.request('runtime.status', {}),
    client.request('agent.list', {}),
  ]);
  const isSame = version.build === build;
  return [
    {
      check: 'host',
      ok: true,
      message: `running, process ${version.pid}, build ${version.build}${isSame ? '' : ` (this command is ${build})`}, Node ${version.node}`,
    },
    {
      check: 'store',
      ok: status.problem === null,
      message: status.problem ?? `${status.head_seq} events`,
    },
    {
      check: 'gate',
      ok: !status.kill_switch,
      message: status.kill_switch
        ? 'the kill switch is on: nothing is started'
        : `preset ${status.preset}, ${status.waiting} waiting`,
    },
    aboutLeader(status),
    {
      check: 'deciders',
      ok: status.deciders > 0,
      message:
        status.deciders > 0
          ? `${status.deciders} enrolled`
          : 'none yet: open an editor with Hob in it, or nobody can answer',
    },
    ...agents.filter((agent) => agent.status === 'active').map(aboutAgent),
  ];
}

/** A lease that nobody renews is no fault by itself: the host that answers takes it within seconds. */
function aboutLeader({ scheduler }: CommandResult<'runtime.status'>): Finding {
  const { state, fencing, pid, heartbeat_at: beat, lease_expires_at: until } = scheduler;
  const lease =
    pid === null
      ? 'the lease was never taken'
      : `lease ${fencing} of process ${pid}, last heartbeat ${beat}, until ${until}`;
  return { check: 'scheduler', ok: state === 'leader', message: `${state}; ${lease}` };
}

/** What somebody took out of the agent's files. */
const goneOf = ({ hook_present, server_present }: AgentView['coverage']): string | null =>
  hook_present === false ? "Hob's hook" : server_present === false ? "Hob's MCP server" : null;

function aboutAgent({
  name,
  coverage,
  last_hook_at: at,
}: CommandResult<'agent.list'>['agents'][number]): Finding {
  const check = `agent ${plain(name)}`;
  const gone = goneOf(coverage);
  if (gone !== null)
    return {
      check,
      ok: false,
      message: `${gone} is gone from its file; run: hob agent connect ${plain(name)}`,
    };
  const seen = at === null ? 'its hook has never spoken to Hob' : `its hook spoke last at ${at}`;
  return {
    check,
    ok: true,
    message: coverage.gated ? seen : `not gated: it reaches Hob only when it chooses to; ${seen}`,
  };
}
