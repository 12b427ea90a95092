import type { JsonObject, JsonValue } from '#schema/envelope/json.ts';
import { secretForms } from './known-secrets.ts';
import { secretField, secretFlag, secretHints, secretPatterns } from './redact-patterns.ts';

/** What is stored instead of what was said. */
export interface Redaction {
  readonly data: JsonObject;
  readonly redaction_level: 'none' | 'partial';
  /** Secrets were found; they are markers now. */
  readonly contains_secrets: boolean;
}

export type Redactor = (data: JsonObject) => Redaction;

/**
 * Longest text that is kept. Looking through this much takes 4 to 12 ms; what is over it would be
 * stored unread, so it is not stored. (A text in a frame cannot be longer either.)
 */
export const TEXT_LIMIT = 1024 * 1024;

/**
 * Takes secrets out of data before it is appended: what `knownSecrets` returns, in any encoding, and
 * what has the shape of a secret. Lowers the risk and promises no more than that.
 */
export function createRedactor(knownSecrets: () => readonly string[]): Redactor {
  let secrets: readonly string[] = [];
  let forms: readonly string[] = [];
  return (data) => {
    const now = knownSecrets();
    if (
      now !== secrets &&
      (now.length !== secrets.length || now.some((s, i) => s !== secrets[i]))
    ) {
      secrets = [...now];
      forms = secretForms(now);
    }
    return redact(data, formsIn(data, forms));
  };
}

/** The forms that occur at all: one search through the whole text instead of one through each value. */
function formsIn(data: JsonObject, forms: readonly string[]): readonly string[] {
  if (forms.length === 0) return forms;
  const text = JSON.stringify(data);
  return forms.filter((form) => text.includes(JSON.stringify(form).slice(1, -1)));
}

/** The same with the forms of the known secrets already made. */
export function redact(data: JsonObject, forms: readonly string[]): Redaction {
  const walk = new Walk(forms);
  const clean = walk.object(data, true);
  return {
    data: clean,
    redaction_level: walk.found ? 'partial' : 'none',
    contains_secrets: walk.found,
  };
}

/** Fields that hold ids, hashes, keys and signatures of ours, which a pattern could take for secrets. */
const PROTECTED_FIELD =
  /(?:^|_)(?:ids?|hash|sha256|sha256_before|sha256_after|signature|signed|public_key|proof|key)$/;
const PROTECTED_VALUE =
  /^(?:[a-z]{2,8}_[0-9A-HJKMNP-TV-Z]{26}|[0-9a-f]{64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[A-Za-z0-9_-]{43}|[A-Za-z0-9_-]{86})$/;
/** Below these everything is somebody else's text: no field name protects it. */
const FREE_FORM = new Set(['arguments', 'result', 'details', 'changes', 'argv', 'slots']);

/** Copies only what changes: nearly always nothing does. */
class Walk {
  readonly #forms: readonly string[];
  found = false;

  constructor(forms: readonly string[]) {
    this.#forms = forms;
  }

  object(value: JsonObject, ours: boolean): JsonObject {
    let changed = false;
    const entries = Object.entries(value).map(([key, member]): [string, JsonValue] => {
      const cleanKey = ours ? key : this.#text(key);
      const clean = this.#member(key, member, ours && !FREE_FORM.has(key));
      changed ||= clean !== member || cleanKey !== key;
      return [cleanKey, clean];
    });
    return changed ? Object.fromEntries(distinct(entries)) : value;
  }

  #member(key: string, value: JsonValue, ours: boolean): JsonValue {
    if (typeof value === 'string') return this.#field(key, value, ours);
    if (value === null || typeof value !== 'object') return value;
    return Array.isArray(value) ? this.#list(key, value, ours) : this.object(value, ours);
  }

  #list(key: string, value: JsonValue[], ours: boolean): JsonValue {
    let changed = false;
    const items = value.map((item, i) => {
      const clean = followsFlag(value[i - 1], item)
        ? this.#mark('flag_secret')
        : this.#member(key, item, ours);
      changed ||= clean !== item;
      return clean;
    });
    return changed ? items : value;
  }

  #field(key: string, value: string, ours: boolean): string {
    if (ours && PROTECTED_FIELD.test(key) && PROTECTED_VALUE.test(value)) return value;
    if (value.length >= 8 && secretField.test(key) && !isMarker(value))
      return this.#mark('secret_field');
    return this.#text(value);
  }

  #text(value: string): string {
    let text = value.isWellFormed() ? value : value.toWellFormed();
    for (const form of this.#forms) {
      if (text.includes(form)) text = text.replaceAll(form, this.#mark('known_secret'));
    }
    if (text.length <= TEXT_LIMIT) return this.#shapes(text);
    return this.#shapes(text.slice(0, TEXT_LIMIT)) + this.#mark('too_long');
  }

  #shapes(text: string): string {
    if (text.length < 8 || !secretHints.some((hint) => hint.test(text))) return text;
    let clean = text;
    for (const { name, pattern } of secretPatterns) {
      clean = clean.replace(pattern, (...match) => this.#replacement(name, match));
    }
    return clean;
  }

  #replacement(name: string, match: readonly unknown[]): string {
    const groups = match.at(-1);
    const around = (typeof groups === 'object' && groups !== null ? groups : {}) as Record<
      string,
      string | undefined
    >;
    const found = String(match[0]).slice(around['before']?.length ?? 0);
    if (isMarker(found)) return String(match[0]);
    return `${around['before'] ?? ''}${this.#mark(name)}${around['after'] ?? ''}`;
  }

  #mark(name: string): string {
    this.found = true;
    return `[redacted:${name}]`;
  }
}

/** `--token`, then a value that holds a digit: the other way to write `token=…`. */
const followsFlag = (flag: JsonValue | undefined, value: JsonValue): boolean =>
  typeof flag === 'string' &&
  typeof value === 'string' &&
  value.length >= 8 &&
  /\d/.test(value) &&
  !isMarker(value) &&
  secretFlag.test(flag);

const isMarker = (text: string): boolean => text.startsWith('[redacted:');

/** Two redacted keys may have become the same. */
function distinct(entries: readonly [string, JsonValue][]): [string, JsonValue][] {
  const seen = new Map<string, number>();
  return entries.map(([key, value]) => {
    const times = (seen.get(key) ?? 0) + 1;
    seen.set(key, times);
    return [times === 1 ? key : `${key}#${times}`, value];
  });
}
