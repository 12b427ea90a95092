import type { Action } from '#schema/views/action-call.ts';

/** The four postures a person can choose. Source: F-115, decisions.md. */
export const presets = ['off', 'read-only', 'ask', 'trusted'] as const;
export type Preset = (typeof presets)[number];

export type TableDecision = 'allow' | 'deny' | 'require_approval';

/** Who asks, as the table sees it: the person, a program of theirs (the CLI), or an agent. */
export type Asker = 'user' | 'service' | 'agent';

/** One cell of the policy: what happens when `asker` wants `action`. */
export interface PolicyRow {
  action: Action;
  /** Where the call reaches; `any` when the place does not matter. */
  place: 'any' | 'workspace' | 'outside';
  user: TableDecision;
  service: TableDecision;
  agent: TableDecision;
  /** In words, after "because". */
  reason: string;
}

const allow = 'allow';
const deny = 'deny';
const ask = 'require_approval';

/**
 * The policy as it ships. Reason codes are `<preset>.<action>.<asker>`, made from the row, so they
 * are stable as long as the row exists. An action without a row is denied.
 */
const askRows: readonly PolicyRow[] = [
  {
    action: 'editor.navigate',
    place: 'any',
    user: allow,
    service: allow,
    agent: ask,
    reason: 'moving around in the editor changes nothing, but agents ask first',
  },
  {
    action: 'editor.edit',
    place: 'any',
    user: allow,
    service: ask,
    agent: ask,
    reason: 'editing through the editor is yours; everybody else asks',
  },
  {
    action: 'task.run',
    place: 'any',
    user: allow,
    service: ask,
    agent: ask,
    reason: 'a named task runs programs; you may, everybody else asks',
  },
  {
    action: 'command.run',
    place: 'any',
    user: ask,
    service: ask,
    agent: ask,
    reason: 'a command can do anything that you can',
  },
  {
    action: 'fs.read',
    place: 'workspace',
    user: allow,
    service: allow,
    agent: allow,
    reason: 'reading inside the workspace is safe',
  },
  {
    action: 'fs.read',
    place: 'outside',
    user: ask,
    service: ask,
    agent: ask,
    reason: 'it reads outside the workspace',
  },
  {
    action: 'fs.write',
    place: 'any',
    user: ask,
    service: ask,
    agent: ask,
    reason: 'it writes files',
  },
  {
    action: 'external.write',
    place: 'any',
    user: ask,
    service: ask,
    agent: ask,
    reason: 'it changes something outside this machine',
  },
  {
    action: 'mcp.call',
    place: 'any',
    user: ask,
    service: ask,
    agent: ask,
    reason: "another server's tool can do anything that server can",
  },
  {
    action: 'agent.tool',
    place: 'any',
    user: ask,
    service: ask,
    agent: ask,
    reason: 'Hob does not know what this tool does',
  },
  {
    action: 'notify.show',
    place: 'any',
    user: allow,
    service: allow,
    agent: allow,
    reason: 'a message does nothing by itself',
  },
  {
    action: 'decider.enroll',
    place: 'any',
    user: ask,
    service: deny,
    agent: deny,
    reason: 'one more editor could decide for you',
  },
  {
    action: 'schedule.write',
    place: 'any',
    user: allow,
    service: allow,
    agent: ask,
    reason: 'a task does something later, when nobody may be looking; agents ask first',
  },
  {
    action: 'host.tool',
    place: 'any',
    user: allow,
    service: allow,
    agent: ask,
    reason: "Hob's own upkeep changes nothing of yours, but agents ask first",
  },
  {
    action: 'capability.grant',
    place: 'any',
    user: deny,
    service: deny,
    agent: ask,
    reason: "only you widen what an agent's token is good for",
  },
  {
    action: 'server.write',
    place: 'any',
    user: ask,
    service: ask,
    agent: deny,
    reason: 'agents will be able to use this server',
  },
  {
    action: 'server.pin',
    place: 'any',
    user: ask,
    service: ask,
    agent: deny,
    reason: 'the tool is not what you accepted before',
  },
];

/** Rows of another preset: those of `ask`, with the agents' and programs' cells replaced. */
const vary = (change: (row: PolicyRow) => Partial<PolicyRow>): readonly PolicyRow[] =>
  askRows.map((row) => ({ ...row, ...change(row) }));

/** About who decides and what is trusted, not about what agents do: the same under every preset. */
const ofPeople = (row: PolicyRow): boolean =>
  row.action === 'decider.enroll' ||
  row.action === 'server.write' ||
  row.action === 'server.pin' ||
  row.action === 'host.tool';

/** Upkeep goes on whatever agents may do. */
const upkeep = (row: PolicyRow): Partial<PolicyRow> =>
  row.action === 'host.tool' ? { agent: deny } : {};

const readsOnly = (row: PolicyRow): boolean =>
  row.action === 'notify.show' ||
  row.action === 'editor.navigate' ||
  (row.action === 'fs.read' && row.place === 'workspace');

export const policyTable: Record<Preset, readonly PolicyRow[]> = {
  off: vary((row) =>
    ofPeople(row)
      ? upkeep(row)
      : { service: deny, agent: deny, reason: 'Hob is set to "off" for agents' },
  ),
  'read-only': vary((row) =>
    readsOnly(row) || ofPeople(row)
      ? upkeep(row)
      : { service: deny, agent: deny, reason: 'Hob is set to "read-only" for agents' },
  ),
  ask: askRows,
  trusted: vary((row) =>
    row.action === 'editor.navigate' ||
    row.action === 'editor.edit' ||
    row.action === 'task.run' ||
    (row.action === 'fs.write' && row.place !== 'outside')
      ? { service: allow, agent: allow, reason: 'Hob is set to "trusted"' }
      : {},
  ),
};

/** Loosening goes up this list and needs a decider's signature; tightening never does. */
export const presetRank = (preset: Preset): number => presets.indexOf(preset);
