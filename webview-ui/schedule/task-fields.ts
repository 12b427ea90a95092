import type { WireError } from '#schema/envelope/errors.ts';
import { argvText } from '#schema/views/call-text.ts';
import type { TaskAction, TaskDefinition, TaskTrigger } from '#schema/views/task.ts';
import { clockTime } from '../words/time.ts';
import { argvOf } from './argv.ts';

/** The three ways to be due that a form can hold; what follows an event keeps its trigger. */
export type TriggerKind = Exclude<TaskTrigger['kind'], 'event'>;
/** What a form can make a schedule do; what calls a tool keeps its call. */
export type ActionKind = 'command' | 'sentence' | 'reminder';

/** What stands in the form of a schedule: text as it was typed, choices as they were made. */
export interface TaskFields {
  readonly name: string;
  /** Null: due after an event, which stays as it is. */
  readonly due: TriggerKind | null;
  /** An expression, minutes, or a moment on the clock here: by `due`. */
  readonly when: string;
  readonly zone: string;
  /** Null: it calls a tool, which stays as it is. */
  readonly does: ActionKind | null;
  /** A command line, a sentence, or a message: by `does`. */
  readonly what: string;
  readonly cwd: string;
  readonly missed: TaskDefinition['missed']['kind'];
  readonly missedCount: string;
  readonly overlap: TaskDefinition['overlap'];
  readonly attempts: string;
  /** Seconds. */
  readonly backoff: string;
  /** Minutes; empty: as long as any command may. */
  readonly timeout: string;
  readonly idempotent: boolean;
  /** HH:MM; both empty: none. */
  readonly quietFrom: string;
  readonly quietTo: string;
  readonly quietDue: 'delay' | 'skip';
}

/** The fields that say one thing together, by the part of the definition that they are. */
const parts = {
  name: ['name'],
  trigger: ['due', 'when'],
  zone: ['zone'],
  action: ['does', 'what', 'cwd'],
  missed: ['missed', 'missedCount'],
  overlap: ['overlap'],
  retry: ['attempts', 'backoff'],
  timeout_seconds: ['timeout'],
  idempotent: ['idempotent'],
  quiet_hours: ['quietFrom', 'quietTo', 'quietDue'],
} as const satisfies Record<keyof TaskDefinition, readonly (keyof TaskFields)[]>;
type Part = keyof typeof parts;
const everyPart = Object.keys(parts) as Part[];

const partWords: Readonly<Record<Part, string>> = {
  name: 'its name',
  trigger: 'when it is due',
  zone: 'its time zone',
  action: 'what it does',
  missed: 'what happens when it was missed',
  overlap: 'what happens while it still runs',
  retry: 'how often it is tried',
  timeout_seconds: 'how long it may take',
  idempotent: 'whether it may run twice',
  quiet_hours: 'its quiet hours',
};

/** What the form shows of a schedule when it is opened. */
export function fieldsOf(task: TaskDefinition): TaskFields {
  const { name, zone, missed, overlap, retry, timeout_seconds, idempotent, quiet_hours } = task;
  return {
    name,
    zone,
    ...dueOf(task.trigger),
    ...doesOf(task.action),
    missed: missed.kind,
    missedCount: missed.kind === 'up_to' ? String(missed.count) : '',
    overlap,
    attempts: String(retry.attempts),
    backoff: String(retry.backoff_seconds),
    timeout: timeout_seconds === null ? '' : String(timeout_seconds / 60),
    idempotent,
    quietFrom: quiet_hours?.from ?? '',
    quietTo: quiet_hours?.to ?? '',
    quietDue: quiet_hours?.due ?? 'delay',
  };
}

function dueOf(trigger: TaskTrigger): Pick<TaskFields, 'due' | 'when'> {
  switch (trigger.kind) {
    case 'cron':
      return { due: 'cron', when: trigger.expression };
    case 'interval':
      return { due: 'interval', when: String(trigger.every_seconds / 60) };
    case 'once':
      return { due: 'once', when: localMoment(new Date(trigger.at)) };
    case 'event':
      return { due: null, when: '' };
  }
}

function doesOf(action: TaskAction): Pick<TaskFields, 'does' | 'what' | 'cwd'> {
  switch (action.kind) {
    case 'command':
      return { does: 'command', what: argvText(action.argv), cwd: action.cwd ?? '' };
    case 'sentence':
      return { does: 'sentence', what: action.text, cwd: '' };
    case 'reminder':
      return { does: 'reminder', what: action.message, cwd: '' };
    case 'editor':
    case 'tool':
      return { does: null, what: '', cwd: '' };
  }
}

const two = (n: number): string => String(n).padStart(2, '0');
const localMoment = (at: Date): string =>
  `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${clockTime(at)}`;

const differs = (part: Part, a: TaskFields, b: TaskFields): boolean =>
  parts[part].some((field) => a[field] !== b[field]);

/** In words, what is another one in `b` than in `a`. */
export const differences = (a: TaskFields, b: TaskFields): string[] =>
  everyPart.filter((part) => differs(part, a, b)).map((part) => partWords[part]);

/** The form over a newer version of the schedule: what was typed stays, the rest is as it is there now. */
export function rebased(mine: TaskFields, base: TaskFields, theirs: TaskFields): TaskFields {
  const typed = everyPart
    .filter((part) => differs(part, mine, base))
    .flatMap((part) => parts[part]);
  return { ...theirs, ...Object.fromEntries(typed.map((field) => [field, mine[field]])) };
}

export type TaskChangeOf =
  | { readonly ok: true; readonly change: Partial<TaskDefinition> }
  | { readonly ok: false; readonly error: WireError };

/** What the person changed, as the host takes it. The host judges it; here only what cannot even be sent. */
export function changeOf(fields: TaskFields, base: TaskFields): TaskChangeOf {
  const change: Record<string, unknown> = {};
  for (const part of everyPart) {
    if (!differs(part, fields, base)) continue;
    const made = partOf[part](fields);
    if (made === undefined)
      return {
        ok: false,
        error: { code: 'invalid_payload', message: unclear[part], retryable: false },
      };
    change[part] = made;
  }
  return { ok: true, change };
}

const words = (text: string): string | undefined => text.trim() || undefined;
const whole = (text: string, least: number): number | undefined => {
  const number = Number(text);
  return Number.isInteger(number) && number >= least ? number : undefined;
};
const isTime = (text: string): boolean => /^([01]\d|2[0-3]):[0-5]\d$/.test(text);

/** Each part of a definition from what stands in the form; undefined where nothing can be made of it. */
const partOf: { readonly [P in Part]: (fields: TaskFields) => TaskDefinition[P] | undefined } = {
  name: ({ name }) => words(name),
  trigger: (fields) => triggerOf(fields) ?? undefined,
  zone: ({ zone }) => words(zone),
  action: actionOf,
  missed: ({ missed, missedCount }) => {
    if (missed !== 'up_to') return { kind: missed };
    const count = whole(missedCount, 1);
    return count === undefined ? undefined : { kind: missed, count };
  },
  overlap: ({ overlap }) => overlap,
  retry: ({ attempts, backoff }) => {
    const [times, wait] = [whole(attempts, 1), whole(backoff, 1)];
    return times === undefined || wait === undefined
      ? undefined
      : { attempts: times, backoff_seconds: wait };
  },
  timeout_seconds: ({ timeout }) => {
    if (timeout.trim() === '') return null;
    return whole(String(Math.round(Number(timeout) * 60)), 1);
  },
  idempotent: ({ idempotent }) => idempotent,
  quiet_hours: ({ quietFrom, quietTo, quietDue }) => {
    const [from, to] = [quietFrom.trim(), quietTo.trim()];
    if (from === '' && to === '') return null;
    return isTime(from) && isTime(to) ? { from, to, due: quietDue } : undefined;
  },
};

/** What to write where nothing could be made of what stands there. */
const unclear: Readonly<Record<Part, string>> = {
  name: 'Give it a name.',
  trigger: 'Write when: minutes as a number, or a moment as 2026-12-24 18:00.',
  zone: 'Name a time zone, such as Europe/Paris.',
  action:
    'Write what it does. A command runs without a shell: its words, in quotes where they hold spaces; no |, >, && or $.',
  missed: 'Write up to how many are made up for, from 1.',
  overlap: 'Choose what happens while it still runs.',
  retry: 'Write how often it is tried, and how many seconds lie between, each from 1.',
  timeout_seconds: 'Write how many minutes it may take, or nothing.',
  idempotent: 'Say whether it may run twice.',
  quiet_hours: 'Write both ends of the quiet hours as 22:00, or neither.',
};

/** When it is due, as the host takes it; null where nothing can be made of it. */
export function triggerOf({ due, when }: TaskFields): TaskTrigger | null {
  const text = when.trim();
  switch (due) {
    case 'cron':
      return text === '' ? null : { kind: due, expression: text };
    case 'interval': {
      const seconds = Math.round(Number(text) * 60);
      return seconds >= 1 ? { kind: due, every_seconds: seconds } : null;
    }
    case 'once': {
      const at = new Date(text.replace(' ', 'T'));
      return Number.isNaN(at.getTime()) ? null : { kind: due, at: at.toISOString() };
    }
    case null:
      return null;
  }
}

function actionOf({ does, what, cwd }: TaskFields): TaskAction | undefined {
  const text = words(what);
  if (text === undefined) return undefined;
  switch (does) {
    case 'command': {
      const argv = argvOf(text);
      const folder = words(cwd);
      if (argv === null) return undefined;
      return { kind: does, argv, ...(folder === undefined ? {} : { cwd: folder }) };
    }
    case 'sentence':
      return { kind: does, text };
    case 'reminder':
      return { kind: does, message: text };
    case null:
      return undefined;
  }
}

/** The quiet hours that stand in the form; none while they are not written out. */
export const quietHoursOf = (fields: TaskFields): TaskDefinition['quiet_hours'] =>
  partOf.quiet_hours(fields) ?? null;
