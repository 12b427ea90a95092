import type { JsonObject, JsonValue } from '#schema/envelope/json.ts';
import type { FormField, FormInput } from '#schema/views/form-field.ts';

/** What a server asks the person for (`elicitation/create`), as it can be put; or why it cannot. */
export type ServerQuestion =
  | { kind: 'form'; question: string; fields: FormField[] }
  | { kind: 'link'; question: string; url: string }
  | { kind: 'refused'; why: string };

const refused = (why: string): ServerQuestion => ({ kind: 'refused', why });

/** What an address leads to, or why nobody is sent there. */
export type PageOf = (address: string) => { url: string } | { problem: string };

const LONGEST = 2_000;
const LONGEST_FORM = 32_768;
const MOST_FIELDS = 32;
const MOST_OPTIONS = 100;

/**
 * Reads such a request. What could not be shown whole is refused, not cut: a person answers what stands there.
 * So is a field that asks for a secret, for which the protocol has other ways.
 */
export function readQuestion(params: unknown, pageOf: PageOf): ServerQuestion {
  if (!isObject(params)) return refused('it is no question');
  const { mode = 'form', message, url, requestedSchema } = params;
  if (typeof message !== 'string' || message.trim() === '') return refused('it says nothing');
  if (message.length > LONGEST) return refused(`it has more than ${LONGEST} characters`);
  if (mode === 'url') return link(message, url, pageOf);
  if (mode !== 'form') return refused('Hob does not know its mode');
  return isObject(requestedSchema) ? form(message, requestedSchema) : refused('it has no form');
}

function link(question: string, url: unknown, pageOf: PageOf): ServerQuestion {
  const page =
    typeof url === 'string' && url.length <= LONGEST
      ? pageOf(url)
      : { problem: 'it names no page' };
  return 'problem' in page ? refused(page.problem) : { kind: 'link', question, url: page.url };
}

function form(question: string, schema: JsonObject): ServerQuestion {
  const { properties = {}, required = [] } = schema;
  if (!isObject(properties)) return refused('its form cannot be read');
  const entries = Object.entries(properties);
  if (entries.length > MOST_FIELDS) return refused(`it has more than ${MOST_FIELDS} fields`);
  const needed = Array.isArray(required) ? required : [];
  const fields: FormField[] = [];
  for (const [name, property] of entries) {
    const field = isObject(property) ? fieldOf(name, property, needed.includes(name)) : null;
    if (field === null) return refused(`Hob cannot ask for "${name.slice(0, 100)}" in a form`);
    if (asksForSecret(field))
      return refused(`"${name.slice(0, 100)}" is a secret, which no server may ask for in a form`);
    fields.push(field);
  }
  // Defaults and options have no length of their own: together they are no longer than a person would read.
  return JSON.stringify(fields).length > LONGEST_FORM
    ? refused(`its form is longer than ${LONGEST_FORM} characters`)
    : { kind: 'form', question, fields };
}

function fieldOf(name: string, property: JsonObject, required: boolean): FormField | null {
  const input = inputOf(property);
  const label = textOf(property['title']) ?? name;
  const hint = textOf(property['description']);
  if (input === null || name === '' || name.length > 128 || label.length > 200) return null;
  return (hint ?? '').length > 500 ? null : { name, label, hint, required, input };
}

function inputOf(property: JsonObject): FormInput | null {
  const { type, default: initial } = property;
  if (type === 'boolean')
    return { type: 'tick', initial: typeof initial === 'boolean' ? initial : null };
  if (type === 'number' || type === 'integer')
    return {
      type: 'number',
      integer: type === 'integer',
      minimum: numberOf(property['minimum']),
      maximum: numberOf(property['maximum']),
      initial: numberOf(initial),
    };
  if (type === 'array') return manyOf(property);
  if (type !== 'string') return null;
  const options = optionsOf(property, 'oneOf');
  return options === undefined ? textInput(property) : oneOfThem(options, initial);
}

const formats = ['email', 'uri', 'date', 'date-time'] as const;

/** A `pattern` is a regular expression of the server's: its own to check. */
function textInput(property: JsonObject): FormInput {
  return {
    type: 'text',
    format: formats.find((known) => known === property['format']) ?? null,
    min_length: sizeOf(property['minLength']),
    max_length: sizeOf(property['maxLength']),
    initial: typeof property['default'] === 'string' ? property['default'] : null,
  };
}

type Options = Extract<FormInput, { type: 'choice' }>['options'];

const oneOfThem = (options: Options | null, initial: JsonValue | undefined): FormInput | null =>
  options === null
    ? null
    : {
        type: 'choice',
        options,
        many: false,
        min: null,
        max: null,
        initial: known(options, [initial]),
      };

function manyOf(property: JsonObject): FormInput | null {
  const { items, default: initial } = property;
  const options = isObject(items) ? optionsOf(items, 'anyOf') : undefined;
  if (options === undefined || options === null) return null;
  return {
    type: 'choice',
    options,
    many: true,
    min: sizeOf(property['minItems']),
    max: sizeOf(property['maxItems']),
    initial: Array.isArray(initial) ? known(options, initial) : null,
  };
}

function known(options: Options, values: readonly (JsonValue | undefined)[]): string[] | null {
  const texts = values.filter(
    (one): one is string => typeof one === 'string' && options.some(({ value }) => value === one),
  );
  return texts.length === 0 ? null : texts;
}

/** Undefined where there are none; null where they cannot be shown (SEP-1330: with titles, or plain). */
function optionsOf(schema: JsonObject, titled: 'oneOf' | 'anyOf'): Options | null | undefined {
  const { enum: values, enumNames: names } = schema;
  const parts = schema[titled];
  if (values === undefined && parts === undefined) return undefined;
  const options = Array.isArray(parts)
    ? parts.map((part) => (isObject(part) ? [part['const'], part['title']] : []))
    : Array.isArray(values)
      ? values.map((value, at) => [value, Array.isArray(names) ? names[at] : value])
      : [];
  const read = options.flatMap(([value, title]) =>
    typeof value === 'string' ? [{ value, title: textOf(title) ?? value }] : [],
  );
  const isWhole = read.length === options.length && read.length > 0 && read.length <= MOST_OPTIONS;
  return isWhole ? read : null;
}

const secretWords =
  /pass ?(word|phrase|code|wd)|secret|credential|\bpin\b|\btoken\b|(api|access|private|ssh|signing|encryption) ?key|\bcv[vc]\b|card ?number|security code/;

/** Whether somebody would type a secret into this field, as far as its own words tell. */
function asksForSecret({ name, label, hint, input }: FormField): boolean {
  if (input.type !== 'text') return false;
  const words = [name, label, hint ?? '']
    .join(' ')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll(/[_\-.\s]+/g, ' ')
    .toLowerCase();
  return secretWords.test(words);
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value : null;
const numberOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;
const sizeOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : null;
