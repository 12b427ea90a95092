import type { JsonObject, JsonValue } from '#schema/envelope/json.ts';
import type { FormField, FormInput } from '#schema/views/form-field.ts';

/** What a form was filled in with, or the first thing that is wrong with it, for people. */
export type FormAnswer = { content: JsonObject; text: string } | { problem: string };
type Read = { value: JsonValue } | { problem: string };

/** Of one answer in an event; the content itself is kept whole. */
const TEXT = 500;

/**
 * Reads what somebody filled in. A field that is missing takes what it stood at (SEP-1034); null is one that was
 * emptied, which takes nothing.
 */
export function formAnswer(fields: readonly FormField[], given: JsonObject): FormAnswer {
  const stray = Object.keys(given).find((name) => fields.every((field) => field.name !== name));
  if (stray !== undefined) return { problem: `The form has no field "${stray.slice(0, 100)}".` };
  const made: [FormField, JsonValue][] = [];
  for (const field of fields) {
    const value = Object.hasOwn(given, field.name) ? given[field.name] : initialOf(field.input);
    if (value === undefined || value === null) {
      if (field.required) return { problem: `Fill in "${field.label}".` };
      continue;
    }
    const read = readers[field.input.type](field.input as never, value);
    if ('problem' in read) return { problem: `"${field.label}" ${read.problem}.` };
    made.push([field, read.value]);
  }
  return {
    content: Object.fromEntries(made.map(([{ name }, value]) => [name, value])),
    text: inWords(made),
  };
}

/** What a field stands at before anybody touches it. */
export function initialOf(input: FormInput): JsonValue | undefined {
  if (input.initial === null) return undefined;
  if (input.type !== 'choice') return input.initial;
  return input.many ? input.initial : input.initial[0];
}

function inWords(made: readonly (readonly [FormField, JsonValue])[]): string {
  const words = made.map(([{ label, input }, value]) => `${label}: ${said(input, value)}`);
  const text = words.join(' · ');
  if (text === '') return 'yes, with nothing filled in';
  return text.length <= TEXT ? text : `${text.slice(0, TEXT - 1)}…`;
}

function said(input: FormInput, value: JsonValue): string {
  if (input.type === 'tick') return value === true ? 'yes' : 'no';
  if (input.type !== 'choice') return typeof value === 'string' ? value : JSON.stringify(value);
  const values = Array.isArray(value) ? value : [value];
  return values
    .map((one) => input.options.find((option) => option.value === one)?.title ?? '')
    .join(', ');
}

type Input<T extends FormInput['type']> = Extract<FormInput, { type: T }>;

const readers: {
  [T in FormInput['type']]: (input: Input<T>, value: JsonValue) => Read;
} = { text: readText, number: readNumber, tick: readTick, choice: readChoice };

const formats: Record<
  NonNullable<Input<'text'>['format']>,
  { fits(text: string): boolean; words: string }
> = {
  email: { fits: (text) => /^[^\s@]+@[^\s@]+$/.test(text), words: 'has to be an e-mail address' },
  uri: {
    fits: (text) => /^[a-z][a-z0-9+.-]*:\S+$/i.test(text),
    words: 'has to be an address, such as https://…',
  },
  date: { fits: isDate, words: 'has to be a date, such as 2026-03-31' },
  'date-time': {
    fits: (text) =>
      /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/i.test(text) &&
      !Number.isNaN(Date.parse(text)),
    words: 'has to be a date with a time, such as 2026-03-31T09:00:00Z',
  },
};

function isDate(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00Z`);
  // 31 February would be read as a day in March.
  return !Number.isNaN(at) && new Date(at).toISOString().slice(0, 10) === text;
}

function readText({ format, min_length, max_length }: Input<'text'>, value: JsonValue): Read {
  if (typeof value !== 'string') return { problem: 'has to be text' };
  const { length } = Array.from(value);
  if (length < (min_length ?? 0)) return { problem: `needs ${min_length} characters at least` };
  if (length > (max_length ?? Infinity))
    return { problem: `takes ${max_length} characters at most` };
  const known = format === null ? null : formats[format];
  return known === null || known.fits(value) ? { value } : { problem: known.words };
}

function readNumber({ integer, minimum, maximum }: Input<'number'>, value: JsonValue): Read {
  if (typeof value !== 'number' || !Number.isFinite(value))
    return { problem: 'has to be a number' };
  if (integer && !Number.isInteger(value)) return { problem: 'has to be a whole number' };
  if (value < (minimum ?? -Infinity)) return { problem: `has to be ${minimum} at least` };
  return value > (maximum ?? Infinity) ? { problem: `has to be ${maximum} at most` } : { value };
}

function readTick(_input: Input<'tick'>, value: JsonValue): Read {
  return typeof value === 'boolean' ? { value } : { problem: 'is ticked or not' };
}

function readChoice({ options, many, min, max }: Input<'choice'>, value: JsonValue): Read {
  const values: readonly JsonValue[] = Array.isArray(value) ? value : [value];
  const isOption = (one: JsonValue): boolean => options.some((option) => option.value === one);
  if (Array.isArray(value) !== many || !values.every(isOption))
    return { problem: 'takes one of its choices' };
  if (new Set(values).size < values.length) return { problem: 'takes each choice once' };
  if (!many) return { value };
  if (values.length < (min ?? 0)) return { problem: `needs ${min} choices at least` };
  return values.length > (max ?? Infinity)
    ? { problem: `takes ${max} choices at most` }
    : { value };
}
