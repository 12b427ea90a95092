import type { Explanation } from '#schema/views/approval.ts';
import type { CallFacts } from './facts.ts';

/** What the requester does by itself after a yes, or the host does for it. */
type Performer = 'host' | 'editor' | 'agent' | 'internal' | 'server';

const effects: Record<string, (facts: CallFacts) => string> = {
  'command.run': () => 'Runs this command with your rights.',
  'task.run': () => 'Runs this task of the workspace.',
  'editor.navigate': () => 'Moves around in your editor.',
  'editor.edit': () => 'Changes text in your editor.',
  'fs.read': () => 'Reads these files.',
  'fs.write': () => 'Writes these files.',
  'external.write': () => 'Changes something outside this machine.',
  'mcp.call': () => 'Calls a tool of another server, which can do whatever that server can.',
  'agent.tool': () => 'Uses a tool whose effect Hob does not know.',
  'notify.show': () => 'Shows a message.',
  'decider.enroll': () => 'Lets one more editor answer for you from now on.',
  'schedule.write': () =>
    'Saves this task. Each of its runs is judged by itself, with the rights of who asks here.',
  'host.tool': () => 'Lets Hob do this upkeep.',
  'capability.grant': () =>
    "Widens what this agent's token is good for. Each of its calls is judged by itself all the same.",
  'server.write': (facts) =>
    facts.call.tool === 'server.allow_origins'
      ? signingIn(facts)
      : `${facts.call.url === undefined ? 'Starts this program' : 'Connects to this address'} whenever its tools are wanted, and lets agents ask for them. ${isolationOf(facts)}`.trim(),
  'server.pin': () =>
    'Takes what this server says of its tools now as what you accepted. Agents read these words as instructions.',
};

const isText = (value: unknown): value is string => typeof value === 'string';

/** Where a server sends Hob to for signing in. Written by the host. */
function signingIn({ call }: CallFacts): string {
  const { name, origins, words } = call.arguments;
  const texts = [name, words, ...(Array.isArray(origins) ? origins : [])].filter(isText);
  const [server = '', proof = '', ...places] = texts;
  return `Lets Hob connect to ${places.join(' and ')}, where "${server}" wants you to sign in, and opens a page there in your browser. ${proof}`.trim();
}

/** Written by the host when it looked at what this machine can do. */
function isolationOf({ call }: CallFacts): string {
  const isolation = call.arguments['isolation'];
  const words =
    typeof isolation === 'object' && isolation !== null && !Array.isArray(isolation)
      ? isolation['words']
      : undefined;
  return typeof words === 'string' ? words : '';
}

const undoable: Record<string, Explanation['reversible']> = {
  'editor.navigate': 'yes',
  'editor.edit': 'yes',
  'fs.read': 'yes',
  'notify.show': 'yes',
  'external.write': 'no',
  'decider.enroll': 'yes',
  'schedule.write': 'yes',
  'capability.grant': 'yes',
  'server.write': 'yes',
  'server.pin': 'yes',
};

const minutes = (ms: number): string =>
  ms < 90_000 ? 'a minute' : `${Math.round(ms / 60_000)} minutes`;

/** The words around the call on a card. Written from facts only; nothing in it comes from the requester. */
export function explain(
  facts: CallFacts,
  danger: readonly string[],
  performer: Performer,
  expiryMs: number | null,
): Explanation {
  const effect = effects[facts.call.action]?.(facts) ?? 'Hob does not know what this does.';
  const warning = danger.length === 0 ? '' : ` It ${danger.join('; it ')}.`;
  const outside = facts.places.filter((p) => p.place === 'outside').map((p) => p.path);
  const where = [
    facts.call.cwd,
    outside.length > 0
      ? `reaches outside the workspace: ${outside.slice(0, 3).join(', ')}`
      : undefined,
  ]
    .filter((w) => w !== undefined)
    .join(' · ');
  const stays = performer === 'agent' ? 'the agent is told no' : 'it does not happen';
  return {
    effect: effect + warning,
    where: where === '' ? 'this workspace' : where,
    reversible: danger.length > 0 ? 'no' : (undoable[facts.call.action] ?? 'unknown'),
    silence:
      expiryMs === null ? 'No answer: it waits.' : `No answer in ${minutes(expiryMs)}: ${stays}.`,
  };
}
