import { isEvent, isResponse } from '#schema/wire/check-envelope.ts';
import { wireErrorCodes } from '#schema/envelope/errors.ts';
import { welcomed, type Frame, type RawClient } from './raw-client.ts';
import type { Shell } from './shells.ts';

/** Good requests that the mutations start from. None of them can stop the host or decide anything. */
const seeds = [
  ['host.ping', { echo: 'h\u00e9\u{1f600}' }],
  ['host.version', {}],
  ['runtime.status', {}],
  ['event.query', { from_seq: 0, limit: 5, event_type: ['host.started'], order: 'desc' }],
  ['event.get', { seq: 1 }],
  ['stream.subscribe', { from_seq: 0, events: ['orb.palette'] }],
  ['approval.list', { status: ['pending'], limit: 3 }],
  [
    'approval.respond',
    {
      approval_id: 'appr_01J00000000000000000000000',
      call_hash: 'a'.repeat(64),
      decision: 'approve',
      offer_id: null,
      source: 'panel',
      confirmed: true,
    },
  ],
  ['run.get', { run_id: 'run_01J00000000000000000000000', wait_ms: 0 }],
  [
    'policy.evaluate',
    {
      call: {
        action: 'command.run',
        tool: 'shell',
        argv: ['git', 'status'],
        cwd: '/tmp',
        arguments: { a: [1, 2, { b: null }] },
      },
    },
  ],
  ['conversation.inject_text', { text: 'open settings', dry_run: true, wait_ms: 0 }],
].map(([command, payload], at) =>
  Buffer.from(
    JSON.stringify({
      v: 1,
      request_id: `b9c1d3a4-6f5e-4d2c-8b7a-${String(at).padStart(12, '0')}`,
      command,
      payload,
      workspace_id: 'ws_dev',
    }),
  ),
);

const splices = [
  '"__proto__":{"polluted":1},',
  '"constructor":{"prototype":{}},',
  '\u0000',
  '1e999',
  '-0',
  '[[[[',
  '{"a":',
  '\\ud800',
  '\uFEFF',
  '"v":1,"v":2,',
  'NaN',
  '9007199254740993',
  '//',
  "'",
  '"payload":null,',
  '"command":"../../x",',
  '"request_id":null,',
  '['.repeat(70),
  '"limit":-1,',
  '\u{1f600}',
  '"idempotency_key":"k",',
].map((text) => Buffer.from(text));

export interface FuzzResult {
  sent: number;
  answered: number;
  /** How often each code came, and `ok`. */
  codes: Record<string, number>;
  problems: string[];
}

const WINDOW = 48;

/** Sends `count` damaged requests on one connection and checks that each gets exactly one answer of the contract. */
export async function fuzzEnvelopes(
  shell: Shell,
  count: number,
  seed: number,
): Promise<FuzzResult> {
  const random = randomOf(seed);
  const result: FuzzResult = { sent: 0, answered: 0, codes: {}, problems: [] };
  let client = await welcomed(shell);
  while (result.sent < count) {
    const size = Math.min(WINDOW, count - result.sent);
    for (let at = 0; at < size; at++) sendFrame(client, mutate(random));
    result.sent += size;
    if (!(await takeAnswers(client, size, result))) {
      client.close();
      client = await welcomed(shell);
    }
    if (result.problems.length > 20) break;
  }
  client.close();
  return result;
}

/** False when the host closed the connection, which a damaged frame alone must not make it do. */
async function takeAnswers(client: RawClient, size: number, result: FuzzResult): Promise<boolean> {
  for (let left = size; left > 0;) {
    const frame = await client.next();
    if (frame === null) {
      result.problems.push(`the connection closed with ${left} answers missing`);
      return false;
    }
    if (isEvent(frame)) continue;
    left -= 1;
    const { ok, error }: Frame = frame;
    result.answered += 1;
    if (!isResponse(frame))
      result.problems.push(`not a response: ${JSON.stringify(frame).slice(0, 200)}`);
    const code = ok === true ? 'ok' : String((error as Frame | undefined)?.['code']);
    result.codes[code] = (result.codes[code] ?? 0) + 1;
    const isKnown = code === 'ok' || (wireErrorCodes as readonly string[]).includes(code);
    if (!isKnown || code === 'internal_error')
      result.problems.push(`${code}: ${JSON.stringify(frame).slice(0, 300)}`);
  }
  return true;
}

function sendFrame(client: RawClient, content: Buffer): void {
  const header = Buffer.alloc(4);
  header.writeUInt32BE(content.length);
  client.bytes(Buffer.concat([header, content]));
}

/** A good request with one to four injuries. */
function mutate(random: (below: number) => number): Buffer {
  const pick = <T>(from: readonly T[]): T => from[random(from.length)] as T;
  let bytes = Buffer.from(pick(seeds));
  for (let injuries = 1 + random(4); injuries > 0; injuries--) {
    const at = random(bytes.length || 1);
    switch (random(6)) {
      case 0:
        bytes[at] = random(256);
        break;
      case 1:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random(8))]);
        break;
      case 2:
        bytes = Buffer.concat([bytes.subarray(0, at), pick(splices), bytes.subarray(at)]);
        break;
      case 3: {
        const from = random(bytes.length || 1);
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(from)]);
        break;
      }
      case 4:
        bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
        break;
      default:
        bytes = Buffer.from(bytes.subarray(0, at));
    }
  }
  return bytes;
}

/** The same numbers for the same seed, so that a failure can be repeated. */
function randomOf(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    // The low bits of this generator repeat soon.
    return Math.floor((state / 2 ** 32) * below);
  };
}
