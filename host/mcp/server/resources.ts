import {
  ResourceNotFoundError,
  ResourceTemplate,
  type McpServer,
  type ReadResourceResult,
} from '@modelcontextprotocol/server';
import type { CommandResult } from '#schema/commands/registry.ts';
import { HobError } from '#host/kernel/errors.ts';
import { artifactsOf, runResult } from '../core/results.ts';
import { addresses, templates } from '../core/addresses.ts';
import type { McpSessionContext } from './session-context.ts';
import { ownApproval, ownApprovals } from './tools/approvals.ts';
import { ownEvent, recentEvents } from './tools/events.ts';
import { policyFor } from './tools/policy.ts';
import { ownSchedule, ownSchedules } from './tools/schedules.ts';
import { statusFor } from './tools/status.ts';

const mimeType = 'application/json';
const RECENT = 50;

/** One address, or many that differ in one word. All are plain tools as well, for clients that know nothing else. */
interface Resource {
  name: string;
  uri: string;
  title: string;
  description: string;
  read(session: McpSessionContext): Promise<unknown>;
}
interface ResourceFamily {
  name: string;
  uri: string;
  /** The word that differs. */
  variable: string;
  title: string;
  description: string;
  /** Null when there is none for the caller. */
  read(session: McpSessionContext, word: string): Promise<unknown>;
  /** What it is, where it is not JSON. */
  mimeType?: string;
  /** Words to choose from, newest first. */
  words(session: McpSessionContext): Promise<readonly string[]>;
}

const resources: readonly Resource[] = [
  {
    name: 'status',
    uri: addresses.status,
    title: 'Status',
    description: 'Whether anything may start, and how many calls wait for a person.',
    read: statusFor,
  },
  {
    name: 'pending-approvals',
    uri: addresses.pendingApprovals,
    title: 'Pending approvals',
    description: 'Your calls that wait for a person. You cannot answer them.',
    read: (session) => ownApprovals(session),
  },
  {
    name: 'schedules',
    uri: addresses.schedules,
    title: 'Schedules',
    description: 'Your schedules: when each is due, what it does, and how the last one ended.',
    read: ownSchedules,
  },
  {
    name: 'recent-events',
    uri: addresses.recentEvents,
    title: 'Recent events',
    description: 'What happened to your runs and approvals, newest first.',
    read: (session) => recentEvents(session, RECENT),
  },
  {
    name: 'policy',
    uri: addresses.policy,
    title: 'Policy',
    description: 'What you may do without asking, and your standing permissions.',
    read: policyFor,
  },
];

const families: readonly ResourceFamily[] = [
  {
    name: 'approval',
    uri: templates.approval,
    variable: 'id',
    title: 'An approval',
    description: 'One question about a call of yours, and its answer.',
    read: ownApproval,
    async words(session) {
      const { approvals } = await ownApprovals(session);
      return approvals.map(({ approval_id }) => approval_id).toReversed();
    },
  },
  {
    name: 'schedule',
    uri: templates.schedule,
    variable: 'id',
    title: 'A schedule',
    description: 'One schedule of yours, its next times and what became of its last ones.',
    read: ownSchedule,
    async words(session) {
      const { schedules } = await ownSchedules(session);
      return schedules.map(({ task_id }) => task_id).toReversed();
    },
  },
  {
    name: 'run',
    uri: templates.run,
    variable: 'id',
    title: 'A run',
    description: 'One run of yours and its result.',
    async read(session, run_id) {
      const { run } = await session.commands['run.get']({ run_id, wait_ms: 0 }, session.context());
      return runResult(run);
    },
    async words(session) {
      const { runs } = await session.commands['run.list']({ limit: 100 }, session.context());
      return runs.map(({ run_id }) => run_id);
    },
  },
  {
    name: 'artifact',
    uri: templates.artifact,
    variable: 'id',
    title: 'All of something long',
    description:
      'The whole of what was cut: output of a command, an answer of an external tool; 1 MiB at most. get_run with read gives all of it in pieces.',
    mimeType: 'text/plain',
    read: artifactText,
    async words(session) {
      const { runs } = await session.commands['run.list']({ limit: 100 }, session.context());
      return runs.flatMap(artifactsOf);
    },
  },
  {
    name: 'event',
    uri: templates.event,
    variable: 'seq',
    title: 'An event',
    description: 'One stored event by its number.',
    read: (session, seq) => ownEvent(session, Number(seq)),
    async words(session) {
      const { events } = await recentEvents(session, 100);
      return events.map(({ seq }) => String(seq));
    },
  },
];

/** Of a resource: what a message to an agent may take. */
const RESOURCE_BYTES = 1024 * 1024;

/** An artifact's text from its beginning. Throws `not_found`. */
async function artifactText(session: McpSessionContext, artifact_id: string): Promise<string> {
  const parts: string[] = [];
  for (let from: number | null = 0; from !== null && from < RESOURCE_BYTES;) {
    const piece: CommandResult<'artifact.get'> = await session.commands['artifact.get'](
      { artifact_id, from, limit: PIECE_BYTES },
      session.context(),
    );
    parts.push(piece.text);
    from = piece.next_from;
  }
  return parts.join('');
}
const PIECE_BYTES = 256 * 1024;

const contents = (uri: string, value: unknown): ReadResourceResult => ({
  contents: [
    typeof value === 'string'
      ? { uri, mimeType: 'text/plain', text: value }
      : { uri, mimeType, text: JSON.stringify(value) },
  ],
});

export function registerResources(server: McpServer, session: McpSessionContext): void {
  for (const { name, uri, read, ...about } of resources)
    server.registerResource(name, uri, { ...about, mimeType }, async () =>
      contents(uri, await read(session)),
    );
  for (const { name, uri, variable, read, words, ...about } of families) {
    const complete = async (begun: string): Promise<string[]> =>
      (await words(session)).filter((word) => word.startsWith(begun));
    const template = new ResourceTemplate(uri, {
      list: undefined,
      complete: { [variable]: complete },
    });
    server.registerResource(name, template, { mimeType, ...about }, async (at, variables) => {
      const value = await read(session, String(variables[variable])).catch(nullWhenUnknown);
      if (value === null) throw new ResourceNotFoundError(at.href);
      return contents(at.href, value);
    });
  }
}

function nullWhenUnknown(failure: unknown): null {
  if (failure instanceof HobError && failure.code === 'not_found') return null;
  throw failure;
}
