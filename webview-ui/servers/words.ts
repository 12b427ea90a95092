import type { JsonObject } from '#schema/envelope/json.ts';
import type { RunView } from '#schema/views/run.ts';
import type { ServerHealth, ServerView } from '#schema/views/server.ts';
import { argvText } from '#schema/views/call-text.ts';
import { timeLeft } from '../words/time.ts';

/** How a server does, in a word or two. */
export function healthText({ state, next_try_at: next }: ServerHealth, now: number): string {
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
