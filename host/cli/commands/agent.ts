import type { AgentView, ConnectPlan } from '#schema/views/agent.ts';
import { capabilityScopeSchema, zones, type CapabilityScope } from '#schema/views/capability.ts';
import { hookedAgents, isHookedAgent } from '#schema/views/hooked-agents.ts';
import { exitCodes, UsageError, type CliCommand, type CliContext } from '../command.ts';
import { confirmed } from '../confirm.ts';
import { named } from '../named.ts';
import { plain, table } from '../output.ts';
import { didYouMean, usageText } from '../usage.ts';

const USAGE =
  'agent list | connect NAME [--undo] [--yes] | links | add NAME [--actions A,B] [--zone Z] [--until TIME] | revoke AGENT';

export const agentCommand: CliCommand = {
  name: 'agent',
  usage: USAGE,
  summary: 'Connects agents to the gate and shows what is covered.',
  details: [
    'list             agents that Hob knows, with what is covered and what is not',
    'connect NAME     shows what it would write, asks, and writes it; --undo takes it back byte for byte',
    `                 NAME is one of ${hookedAgents.join(', ')}`,
    "links            ways to give Hob's MCP server to other clients; writes nothing",
    'add NAME         makes an agent known and prints a token, once, that proves its name',
    '--actions A,B    the token is good for these actions only, e.g. fs.read,command.run',
    `--zone ZONE      the furthest it goes: ${zones.join(', ')}`,
    '--until TIME     when it ends, e.g. 2027-01-31T12:00:00Z',
    'revoke AGENT     ends the token and the permissions of an agent (name or agent_…), and of those it handed a part down to',
    '--yes            does not ask; without a terminal it is needed',
  ],
  options: {
    undo: { type: 'boolean' },
    yes: { type: 'boolean', short: 'y' },
    actions: { type: 'string' },
    zone: { type: 'string' },
    until: { type: 'string' },
  },
  async run(context) {
    const [verb, name, ...more] = context.positionals;
    if (more.length > 0) throw new UsageError(usageText(USAGE, verb));
    if (verb === 'list' && name === undefined) return list(context);
    if (verb === 'links' && name === undefined) return links(context);
    if (name === undefined) throw new UsageError(usageText(USAGE, verb));
    if (verb === 'connect') return connectAgent(context, name);
    if (verb === 'add') return add(context, name);
    if (verb === 'revoke') return revoke(context, name);
    throw new UsageError(usageText(USAGE, verb));
  },
};

async function list({ connect, out }: CliContext): Promise<number> {
  const { agents } = await (await connect()).request('agent.list', {});
  if (out.json) for (const agent of agents) out.result(agent, '');
  else if (agents.length === 0)
    out.say('No agent is connected. Connect one: hob agent connect codex');
  else out.say(table(agents.map(rowOf)));
  return exitCodes.done;
}

const rowOf = (agent: AgentView): string[] => [
  agent.agent_id,
  plain(agent.display),
  agent.status,
  agent.coverage.gated ? 'gated' : 'not gated',
  agent.coverage.hook_present === false
    ? 'HOOK REMOVED'
    : agent.coverage.server_present === false
      ? 'MCP SERVER REMOVED'
      : '',
  agent.last_hook_at === null ? 'hook never heard' : `hook heard ${agent.last_hook_at}`,
  scopeText(agent),
];

/** What its token is good for; empty without one. */
function scopeText({ capability }: AgentView): string {
  if (capability === null || capability === undefined) return '';
  const { actions, zone, until, workspace_ids: workspaces } = capability.scope;
  const parts = [
    actions === null ? 'every action' : actions.join(' '),
    `up to ${zone}`,
    ...(workspaces === null ? [] : [`in ${workspaces.join(' ')}`]),
    ...(until === null ? [] : [`until ${until}`]),
    ...(capability.delegation.length > 1 ? ['handed down'] : []),
  ];
  return `token: ${parts.join(', ')}`;
}

async function links({ connect, out }: CliContext): Promise<number> {
  const { links: all } = await (await connect()).request('agent.links', {});
  if (out.json) for (const link of all) out.result(link, '');
  else out.say(all.map(({ title, text }) => `${title}\n${text.trimEnd()}\n`).join('\n'));
  return exitCodes.done;
}

async function connectAgent({ connect, out, values }: CliContext, name: string): Promise<number> {
  if (!isHookedAgent(name))
    throw new UsageError(
      `Hob has no way to connect "${plain(name)}".${didYouMean(name, hookedAgents)} It connects ${hookedAgents.join(', ')}; for any other: hob agent links`,
    );
  const undo = values['undo'] === true;
  const client = await connect();
  const { plan } = await client.request('agent.connect_plan', { name, undo });
  out.say(describePlan(plan, undo));
  if (plan.files.length === 0) {
    out.result(
      { agent: null, plan },
      undo ? 'There is nothing to take back.' : 'It is connected already; nothing to write.',
    );
    return exitCodes.done;
  }
  if (
    values['yes'] !== true &&
    !(await confirmed(out, undo ? 'Take this back?' : 'Write this?', 'plan'))
  ) {
    out.say('Nothing was written.');
    if (out.json) out.result({ agent: null, plan }, '');
    return exitCodes.denied;
  }
  const applied = await client.request('agent.connect_apply', {
    name,
    undo,
    plan_hash: plan.plan_hash,
  });
  out.result(
    applied,
    undo ? 'Taken back.' : `Connected. ${plan.display} asks Hob from its next start on.`,
  );
  return exitCodes.done;
}

function describePlan(plan: ConnectPlan, undo: boolean): string {
  const where =
    plan.found === null
      ? 'not found on this machine; the file is written all the same'
      : `found${plan.found.version === null ? '' : ` ${plain(plan.found.version)}`} in ${plan.found.config_dir}`;
  const files = plan.files.flatMap((file) => [
    '',
    `${file.after === null ? 'Deletes' : file.before === null ? 'Creates' : 'Changes'} ${file.path}`,
    file.diff,
  ]);
  const coverage = undo
    ? []
    : ['', 'Covered:', ...bullets(plan.covered), 'Not covered:', ...bullets(plan.not_covered)];
  const notes = plan.notes.length === 0 ? [] : ['Note:', ...bullets(plan.notes)];
  return [`${plain(plan.display)}: ${where}`, ...files, ...coverage, ...notes].join('\n');
}

const bullets = (lines: readonly string[]): string[] => lines.map((line) => `  - ${line}`);

async function add({ connect, out, values }: CliContext, name: string): Promise<number> {
  const added = await (await connect()).request('agent.add', { name, ...scopeOf(values) });
  const how = [
    '',
    'This is the only time the token is shown. The agent proves its name with it:',
    `  HOB_AGENT_TOKEN=${added.token} hob mcp --as ${name}`,
  ];
  out.result(
    added,
    [`${plain(added.agent.display)} is ${added.agent.agent_id}.`, ...how].join('\n'),
  );
  return exitCodes.done;
}

/** The scope on the command line; the host checks the rest. */
function scopeOf(values: CliContext['values']): Partial<CapabilityScope> {
  const { actions, zone, until } = values;
  const scope = {
    ...(typeof actions === 'string' ? { actions: actions.split(',') } : {}),
    ...(typeof zone === 'string' ? { zone } : {}),
    ...(typeof until === 'string' ? { until } : {}),
  };
  const checked = capabilityScopeSchema.partial().safeParse(scope);
  if (checked.success) return scope as Partial<CapabilityScope>;
  const at = checked.error.issues[0];
  throw new UsageError(
    `--${at?.path[0] === undefined ? 'scope' : String(at.path[0])}: ${at?.message}`,
  );
}

async function revoke({ connect, out }: CliContext, given: string): Promise<number> {
  const client = await connect();
  const { agents } = await client.request('agent.list', {});
  const found = named(agents, given, {
    id: ({ agent_id }) => agent_id,
    name: ({ name, status }) => (status === 'active' ? name : null),
    what: 'active agent',
    whats: 'agents',
    lister: 'hob agent list',
  });
  const { agent } = await client.request('agent.revoke', { agent_id: found.agent_id });
  out.result({ agent }, `${plain(agent.display)} (${agent.agent_id}) is revoked.`);
  return exitCodes.done;
}
