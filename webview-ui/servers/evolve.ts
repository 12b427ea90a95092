import type { WireError } from '#schema/envelope/errors.ts';
import type { RunView } from '#schema/views/run.ts';
import type { ServerToolView, ServerView } from '#schema/views/server.ts';
import { noServer } from './model.ts';
import type { LogLine, NewServer, OpenServer, Said, ServersState, Trial } from './model.ts';
import { argumentsIn, argumentsOf, fieldsOf, initialValues, WHOLE } from './tool-fields.ts';

export type ServersMessage =
  | { readonly kind: 'list'; readonly servers: readonly ServerView[] }
  | { readonly kind: 'server'; readonly server: ServerView }
  | { readonly kind: 'unread'; readonly error: WireError }
  | { readonly kind: 'open'; readonly name: string | null }
  | { readonly kind: 'tools'; readonly name: string; readonly tools: readonly ServerToolView[] }
  | { readonly kind: 'lines'; readonly name: string; readonly lines: readonly LogLine[] | null }
  | { readonly kind: 'removing'; readonly on: boolean }
  | { readonly kind: 'open_tool'; readonly tool: string | null }
  | { readonly kind: 'try'; readonly tool: string | null }
  | { readonly kind: 'trial_value'; readonly field: string; readonly text: string }
  | { readonly kind: 'trial_whole'; readonly on: boolean }
  | { readonly kind: 'trial_wrong'; readonly problems: Trial['problems'] }
  | { readonly kind: 'trial_asked'; readonly asked: Trial['asked'] }
  | { readonly kind: 'trial_run'; readonly run: RunView }
  | { readonly kind: 'add'; readonly on: boolean }
  | { readonly kind: 'adding'; readonly fields: Partial<NewServer> }
  | { readonly kind: 'add_sending' }
  | { readonly kind: 'add_wrong'; readonly problem: string }
  | { readonly kind: 'said'; readonly said: Said | null };

/** The servers tab after one more message. */
export function evolveServers(state: ServersState, message: ServersMessage): ServersState {
  switch (message.kind) {
    case 'list':
      return withList(state, message.servers);
    case 'server':
      return { ...state, list: state.list?.map(replaced(message.server)) ?? null };
    case 'unread':
      return { ...state, unread: message.error };
    case 'open':
      return { ...state, open: message.name === null ? null : folded(message.name), said: null };
    case 'add':
      return {
        ...state,
        said: null,
        adding: message.on ? { fields: noServer, sending: false, problem: null } : null,
      };
    case 'adding':
    case 'add_sending':
    case 'add_wrong':
      return { ...state, adding: nextAdding(state.adding, message) };
    case 'said':
      return { ...state, said: message.said };
    default:
      return state.open === null ? state : { ...state, open: nextOpen(state.open, message) };
  }
}

const replaced =
  (now: ServerView) =>
  (one: ServerView): ServerView =>
    one.server_id === now.server_id ? now : one;

const folded = (name: string): OpenServer => ({
  name,
  tools: null,
  lines: null,
  openTool: null,
  trial: null,
  removing: false,
});

/** By name, so that a change of state moves nothing under a hand. What is gone is folded. */
function withList(state: ServersState, servers: readonly ServerView[]): ServersState {
  const { open } = state;
  const isThere = servers.some(({ name }) => name === open?.name);
  return {
    ...state,
    unread: null,
    list: servers.toSorted((a, b) => a.name.localeCompare(b.name)),
    open: isThere ? open : null,
  };
}

function nextAdding(
  adding: ServersState['adding'],
  message: Extract<ServersMessage, { kind: 'adding' | 'add_sending' | 'add_wrong' }>,
): ServersState['adding'] {
  if (adding === null) return null;
  switch (message.kind) {
    case 'adding':
      return { ...adding, fields: { ...adding.fields, ...message.fields }, problem: null };
    case 'add_sending':
      return { ...adding, sending: true, problem: null };
    case 'add_wrong':
      return { ...adding, sending: false, problem: message.problem };
  }
}

function nextOpen(open: OpenServer, message: ServersMessage): OpenServer {
  switch (message.kind) {
    case 'tools':
      return message.name === open.name ? withTools(open, message.tools) : open;
    case 'lines':
      return message.name === open.name ? { ...open, lines: message.lines } : open;
    case 'removing':
      return { ...open, removing: message.on };
    case 'open_tool':
      return { ...open, openTool: message.tool, trial: null };
    case 'try':
      return { ...open, trial: trialOf(open, message.tool) };
    default:
      return open.trial === null ? open : { ...open, trial: nextTrial(open, open.trial, message) };
  }
}

/** A form over a tool that is another one by now is closed: what was typed was meant for what was read. */
function withTools(open: OpenServer, tools: readonly ServerToolView[]): OpenServer {
  const pinOf = (all: readonly ServerToolView[] | null): string | null | undefined =>
    all?.find(({ name, state }) => name === open.trial?.tool && state === 'usable')?.pin;
  const isSame =
    open.trial !== null && pinOf(tools) !== undefined && pinOf(open.tools) === pinOf(tools);
  return { ...open, tools, trial: isSame ? open.trial : null };
}

/** A fresh form of a tool; JSON where nothing else can say what it wants. */
function trialOf({ tools }: OpenServer, name: string | null): Trial | null {
  const tool = tools?.find((one) => one.name === name);
  if (tool === undefined) return null;
  const fields = fieldsOf(tool.definition.input_schema);
  return {
    tool: tool.name,
    values: fields === null ? new Map([[WHOLE, '{}']]) : initialValues(fields),
    whole: fields === null,
    problems: new Map(),
    asked: { step: 'not-yet' },
  };
}

function nextTrial(open: OpenServer, trial: Trial, message: ServersMessage): Trial {
  switch (message.kind) {
    case 'trial_value': {
      const problems = new Map(trial.problems);
      problems.delete(message.field);
      return { ...trial, problems, values: new Map(trial.values).set(message.field, message.text) };
    }
    case 'trial_whole':
      return written(open, trial, message.on);
    case 'trial_wrong':
      return { ...trial, problems: message.problems };
    case 'trial_asked':
      return { ...trial, problems: new Map(), asked: message.asked };
    case 'trial_run':
      return trial.asked.step === 'run' && trial.asked.run.run_id === message.run.run_id
        ? { ...trial, asked: { step: 'run', run: message.run } }
        : trial;
    default:
      return trial;
  }
}

/** The same arguments written the other way; what only one of them can say stays where it is. */
function written(open: OpenServer, trial: Trial, whole: boolean): Trial {
  if (!whole) return { ...trial, whole, problems: new Map() };
  const made = argumentsOf(trialFields(open) ?? [], trial.values);
  const text = made.ok ? JSON.stringify(made.value, null, 2) : (trial.values.get(WHOLE) ?? '{}');
  return { ...trial, whole, problems: new Map(), values: new Map(trial.values).set(WHOLE, text) };
}

/** The fields of the tool that is tried; null when it has none but JSON. */
export const trialFields = ({ tools, trial }: OpenServer): ReturnType<typeof fieldsOf> => {
  const tool = tools?.find(({ name }) => name === trial?.tool);
  return tool === undefined ? null : fieldsOf(tool.definition.input_schema);
};

/** The arguments that stand in the form. */
export const trialArguments = (open: OpenServer, trial: Trial): ReturnType<typeof argumentsOf> =>
  trial.whole
    ? argumentsIn(trial.values.get(WHOLE) ?? '')
    : argumentsOf(trialFields(open) ?? [], trial.values);
