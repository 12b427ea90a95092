import { randomBytes } from 'node:crypto';
import { CONTRACT_VERSION, SUPPORTED_VERSIONS } from '#schema/envelope/version.ts';
import type { JsonObject } from '#schema/envelope/json.ts';
import { limits } from '#schema/envelope/limits.ts';
import type { Principal, Role } from '#schema/envelope/principal.ts';
import { isObject } from '#schema/wire/check-envelope.ts';
import { decodeFrame } from '#schema/wire/framing.ts';
import {
  clientProof,
  hostProof,
  NONCE_BYTES,
  proofMatches,
  type HandshakeTerms,
} from '#schema/wire/handshake.ts';
import { authSchema, helloSchema, type Channel } from '#schema/wire/handshake-frames.ts';
import type { Clock } from '#host/kernel/clock.ts';
import { HobError } from '#host/kernel/errors.ts';
import type { FramedConnection } from './framed-connection.ts';
import type { Authenticate } from './ports.ts';

export interface HandshakeContext {
  key: Uint8Array;
  instanceId: string;
  clock: Clock;
  authenticate: Authenticate;
}

/** Who came in. The welcome is not sent yet: the session sends it when it is ready to receive. */
export interface Accepted {
  role: Role;
  principal: Principal;
  channel: Channel;
}

/**
 * The host's half of the handshake: hello → challenge → auth. Calls `accepted` once, or refuses and
 * closes. A second hello, a frame out of turn and a late one are refused like a wrong proof.
 */
export function acceptHandshake(
  connection: FramedConnection,
  context: HandshakeContext,
  accepted: (who: Accepted) => void,
): void {
  const cancelTimer = context.clock.timer(limits.handshakeMs, () =>
    connection.fail('handshake_timeout'),
  );
  connection.closed.addEventListener('abort', cancelTimer, { once: true });
  let step: (value: JsonObject) => void = (value) => (step = challenge(value));
  const outOfTurn = (): void =>
    connection.fail('handshake_failed', {
      message: 'A frame came before its turn in the handshake.',
    });

  const challenge = (value: JsonObject): ((next: JsonObject) => void) => {
    const terms = readHello(value, context.instanceId);
    connection.send({
      type: 'challenge',
      instance_id: context.instanceId,
      host_nonce: Buffer.from(terms.hostNonce).toString('base64url'),
      proof: hostProof(context.key, terms).toString('base64url'),
    });
    return (next) => {
      step = outOfTurn;
      void authenticate(next, terms);
    };
  };

  const authenticate = async (value: JsonObject, terms: Terms): Promise<void> => {
    try {
      const introduction = readAuth(value, terms, context.key);
      const principal = await context.authenticate({ role: terms.role, ...introduction });
      cancelTimer();
      if (!connection.closed.aborted)
        accepted({ role: terms.role, principal, channel: terms.channel });
    } catch (failure) {
      refuse(connection, failure);
    }
  };

  connection.receive({
    frame(bytes) {
      const decoded = decodeFrame(bytes);
      if (!decoded.ok) return connection.fail(decoded.code);
      try {
        step(isObject(decoded.value) ? (decoded.value as JsonObject) : {});
      } catch (failure) {
        refuse(connection, failure);
      }
    },
    lastWord: (error) => ({ type: 'refused', error: { ...error.toWire() } as JsonObject }),
  });
}

type Terms = HandshakeTerms & { role: Role; channel: Channel };

function refuse(connection: FramedConnection, failure: unknown): void {
  const error =
    failure instanceof HobError ? failure : new HobError('internal_error', { cause: failure });
  connection.fail(error.code, {
    message: error.message,
    ...(error.details === undefined ? {} : { details: error.details }),
  });
}

function readHello(value: JsonObject, instanceId: string): Terms {
  if (typeof value['v'] === 'number' && value['v'] !== CONTRACT_VERSION) {
    throw new HobError('unsupported_version', { details: { supported: [...SUPPORTED_VERSIONS] } });
  }
  const hello = helloSchema.safeParse(value);
  if (!hello.success) {
    const at = hello.error.issues[0]?.path.join('.') ?? '';
    throw new HobError('handshake_failed', {
      message: `The first frame is not a hello: ${at || 'the frame'} does not fit.`,
    });
  }
  const { role, channel, client_nonce: nonce } = hello.data;
  return {
    role,
    channel,
    instanceId,
    clientNonce: Buffer.from(nonce, 'base64url'),
    hostNonce: randomBytes(NONCE_BYTES),
  };
}

function readAuth(
  value: JsonObject,
  terms: Terms,
  key: Uint8Array,
): { principal_hint: string; token: string } {
  const auth = authSchema.safeParse(value);
  if (!auth.success) {
    const second =
      value['type'] === 'hello' ? 'A second hello is refused.' : 'The second frame is not an auth.';
    throw new HobError('handshake_failed', { message: second });
  }
  const { proof, principal_hint: hint, token = '' } = auth.data;
  if (!proofMatches(clientProof(key, terms, hint, token), proof))
    throw new HobError('handshake_failed');
  return { principal_hint: hint, token };
}
