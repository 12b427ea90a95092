import type { JsonObject } from '#schema/envelope/json.ts';
import type { RunView } from '#schema/views/run.ts';
import type { ServerHealth, ServerLogin, ServerView } from '#schema/views/server.ts';
import { argvText } from '#schema/views/call-text.ts';
import { absoluteTime, timeLeft } from '../words/time.ts';

/** A person or the host has something to do before it is signed in or not. */
export const isUnderWay = (login: ServerLogin | null): boolean =>
  login?.state === 'asking' || login?.state === 'browser' || login?.state === 'finishing';

/** How Hob is signed in at a server, in a sentence. */
export function loginText(login: ServerLogin, now: number): string {
  switch (login.state) {
    case 'needed':
      return 'Nobody is signed in.';
    case 'asking':
      return 'A card at the top asks where Hob may connect to.';
    case 'browser':
      return 'It waits for your answer in the browser.';
    case 'finishing':
      return 'It is signing in.';
    case 'signed_in':
      return signedInText(login, now);
  }
}

function signedInText({ issuer, scope, until, renews }: ServerLogin, now: number): string {
  if (!renews && until !== null && Date.parse(until) <= now) return 'The login has ended.';
  const rights = scope === null ? '' : `, with the rights ${scope}`;
  const end = until === null ? '' : `, until ${absoluteTime(until)}`;
  return `Signed in at ${issuer ?? 'its server'}${rights}${renews ? ', prolonged by itself' : end}.`;
}

/** How a server does, in a word or two. */
export function healthText({ health, login, off }: ServerView, now: number): string {
  if (off) return 'turned off';
  const { state, next_try_at: next } = health;
  if (state === 'failed' && login !== null && login.state !== 'signed_in')
    return 'waits for a login';
  switch (state) {
    case 'ready':
      return 'runs';
    case 'starting':
      return 'starts';
    case 'waiting':
      return next === null ? 'ended' : `ended, tried again: ${timeLeft(Date.parse(next) - now)}`;
    case 'failed':
      return 'given up';
    case 'stopped':
      return 'not started';
  }
}

export const healthIcons: Readonly<
  Record<ServerHealth['state'], readonly [name: string, tone: string]>
> = {
  ready: ['pass', 'good'],
  starting: ['loading', 'calm'],
  waiting: ['debug-restart', 'warn'],
  failed: ['error', 'bad'],
  stopped: ['circle-outline', 'calm'],
};

/** What is reached: a program with its words, or an address. */
export const reachedText = ({ transport }: ServerView): string =>
  transport.kind === 'stdio' ? argvText(transport.argv) : transport.url;

/** What keeps it from the rest, on a badge: the picture, the words, and whether they are good news. */
export const isolationBadges: Readonly<
  Record<ServerView['isolation']['level'], readonly [icon: string, words: string, tone: string]>
> = {
  bubblewrap: ['shield', 'isolated', 'good'],
  none: ['warning', 'not isolated', 'warn'],
  remote: ['globe', 'elsewhere', 'calm'],
};

/** How many tools it has, and how many of them are kept out. */
export function toolsText({ tools, pins_intact }: ServerView): string {
  if (!pins_intact) return 'its pins are damaged: nothing of it is called';
  if (tools === null) return 'tools not seen yet';
  const usable = `${tools.usable} ${tools.usable === 1 ? 'tool' : 'tools'}`;
  return tools.quarantined === 0 ? usable : `${usable}, ${tools.quarantined} kept out`;
}

/** Where a call stands, for who waits for it. */
export function runText({ status, error, result }: RunView): string {
  switch (status) {
    case 'queued':
    case 'running':
      return 'It runs…';
    case 'waiting_for_approval':
      return 'A card at the top asks first.';
    case 'succeeded':
      return 'It answered:';
    case 'denied':
      return error?.message ?? 'It was not allowed.';
    default:
      return result === null
        ? (error?.message ?? `It was ${status}.`)
        : `${error?.message ?? 'It reported an error.'} It said:`;
  }
}

/** An answer for people: its text as it is, whatever else as JSON, pictures and sounds by kind and size. */
export function answerText(result: JsonObject): string {
  const content = Array.isArray(result['content']) ? result['content'] : [];
  const parts = content.map((part) => blockText(part as JsonObject));
  const { structured } = result;
  // A tool that promises a structure says the same as text; without text the structure is all there is.
  const all =
    parts.length > 0 || structured === null || structured === undefined
      ? parts
      : [JSON.stringify(structured, null, 2)];
  return all.length === 0 ? '(nothing)' : all.join('\n');
}

function blockText(block: JsonObject): string {
  const { type, text, data, mimeType } = block;
  if (typeof text === 'string') return text;
  if (typeof data !== 'string') return JSON.stringify(block, null, 2);
  return `[${JSON.stringify(mimeType ?? type ?? 'data')}, ${Math.floor((data.length * 3) / 4)} bytes]`;
}
