import type { GrantOffer, GrantView } from '#schema/views/grant.ts';
import type { CallFacts } from './facts.ts';

/** Programs whose first word says little: the narrowest prefix worth offering takes two words. */
const twoWordPrograms = new Set([
  'git',
  'npm',
  'pnpm',
  'yarn',
  'bun',
  'cargo',
  'go',
  'docker',
  'podman',
  'make',
  'dotnet',
  'mvn',
  'gradle',
  'pip',
  'uv',
  'poetry',
  'composer',
  'bundle',
  'gh',
  'node',
  'python',
  'python3',
  'npx',
]);

/**
 * True when an active grant covers the call: same principal, workspace, action and tool, and the
 * exact call or the same first words. Expiry is the projection's and the caller's: `status`.
 */
export function grantCovers(grant: GrantView, facts: CallFacts): boolean {
  if (grant.status !== 'active') return false;
  if (grant.principal_id !== facts.principal.id || grant.workspace_id !== facts.workspace_id)
    return false;
  if (grant.action !== facts.call.action || grant.tool !== facts.call.tool) return false;
  if (grant.match.kind === 'exact') return grant.match.call_hash === facts.call_hash;
  const { argv, executable } = grant.match;
  if (facts.argv === null || facts.argv.length < argv.length) return false;
  if (facts.cwd_place !== 'workspace' && facts.cwd_place !== 'protected') return false;
  if (executable !== undefined && executable !== facts.call.executable) return false;
  return argv.every((word, i) => facts.argv?.[i] === word);
}

const shown = (argv: readonly string[]): string =>
  argv.map((w) => (/^[\w@%+=:,./-]+$/.test(w) ? w : JSON.stringify(w))).join(' ');

/** What no standing permission may cover. */
const askedEachTime: ReadonlySet<string> = new Set([
  'decider.enroll',
  'schedule.write',
  'capability.grant',
  'server.write',
  'server.pin',
]);

/**
 * The standing permissions that a card offers, narrowest first: exactly this call, then this
 * prefix in this workspace. Never for danger; nothing wider than what the label says.
 */
export function grantOffers(facts: CallFacts, danger: boolean): GrantOffer[] {
  if (danger || askedEachTime.has(facts.call.action)) return [];
  const base = {
    action: facts.call.action,
    tool: facts.call.tool,
    workspace_id: facts.workspace_id,
    principal_id: facts.principal.id,
    until: null,
  };
  const exact: GrantOffer = {
    ...base,
    offer_id: 'exact',
    label: `exactly this call${facts.argv === null ? '' : `: ${shown(facts.argv)}`}`.slice(0, 512),
    match: { kind: 'exact', call_hash: facts.call_hash },
  };
  const prefix = prefixOf(facts);
  if (prefix === null) return [exact];
  const match = {
    kind: 'prefix' as const,
    argv: prefix,
    ...(facts.call.executable === undefined ? {} : { executable: facts.call.executable }),
  };
  return [exact, { ...base, offer_id: 'prefix', label: `${shown(prefix)} *`.slice(0, 512), match }];
}

/** `git log` of `git log -5`; null when there is no prefix that would be narrower than the program. */
function prefixOf(facts: CallFacts): string[] | null {
  const { argv, call } = facts;
  if (call.action !== 'command.run' || argv === null) return null;
  const takesSubcommand = twoWordPrograms.has(argv[0] ?? '');
  const length = !takesSubcommand
    ? 1
    : ['run', 'exec', 'x', 'tool'].includes(argv[1] ?? '')
      ? 3
      : 2;
  if (argv.length <= length) return null;
  const prefix = argv.slice(0, length);
  return prefix.some((word) => word.startsWith('-')) ? null : prefix;
}
