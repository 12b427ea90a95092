import { HANDSHAKE_LABEL } from '../../schema/wire/handshake.ts';
import vectors from '../../schema/wire/handshake-vectors.json' with { type: 'json' };
import { limits } from '../../schema/envelope/limits.ts';
import { roles } from '../../schema/envelope/principal.ts';

const fence = (language: string, text: string): string => `\`\`\`${language}\n${text}\n\`\`\``;

type Vector = (typeof vectors.vectors)[number];

/** The input of a MAC, one part a line: length and bytes. */
function macInput(vector: Vector, side: 'host' | 'client'): string {
  const { hello, challenge, auth } = vector.frames;
  const text = (value: string): Buffer => Buffer.from(value, 'utf8');
  const parts: [string, Buffer][] = [
    ['label', text(HANDSHAKE_LABEL)],
    ['side', text(side)],
    ['role', text(hello.role)],
    ['channel', text(hello.channel ?? 'envelope')],
    ['instance_id', text(challenge.instance_id)],
    ['client_nonce', Buffer.from(vector.client_nonce_hex, 'hex')],
    ['host_nonce', Buffer.from(vector.host_nonce_hex, 'hex')],
  ];
  if (side === 'client')
    parts.push(['principal_hint', text(auth.principal_hint)], ['token', text(auth.token ?? '')]);
  return parts
    .map(([name, bytes]) =>
      `${name.padEnd(15)} ${lengthOf(bytes)} ${bytes.toString('hex')}`.trimEnd(),
    )
    .join('\n');
}

const lengthOf = (bytes: Buffer): string => bytes.length.toString(16).padStart(8, '0');

function vectorSection(vector: Vector): string {
  const { hello, challenge, auth } = vector.frames;
  const frames = [
    `client → host  ${JSON.stringify(hello)}`,
    `host → client  ${JSON.stringify(challenge)}`,
    `client → host  ${JSON.stringify(auth)}`,
  ].join('\n');
  return [
    `### Test vector: ${vector.name}`,
    fence(
      'text',
      `key           ${vector.key_hex}\nclient_nonce  ${vector.client_nonce_hex}\nhost_nonce    ${vector.host_nonce_hex}`,
    ),
    fence('text', frames),
    'Input of `challenge.proof`, and of `auth.proof`: length (4 bytes) and bytes of each part, in hex.',
    fence('text', macInput(vector, 'host')),
    fence('text', macInput(vector, 'client')),
  ].join('\n\n');
}

/** The handshake byte by byte, with its test vectors. */
export const handshakeChapter = (): string =>
  [
    '## Handshake',
    `Four frames, within ${limits.handshakeMs / 1000} s, each at most ${limits.preAuthFrameBytes} bytes. Send nothing else before the welcome.`,
    [
      `1. **client** \`{v: 1, type: "hello", role, client_nonce, channel?}\`. \`role\` is one of ${roles.map((role) => `\`${role}\``).join(', ')}. \`channel\` is what follows the welcome: \`envelope\` (the default) or \`mcp\`, on which each frame is one JSON-RPC message of the Model Context Protocol.`,
      '2. **host** `{type: "challenge", instance_id, host_nonce, proof}`. Check `proof`, and that `instance_id` is that of the endpoint file, before you send anything more: otherwise this is not the host.',
      '3. **client** `{type: "auth", proof, principal_hint, token?}`. `principal_hint` is what you call yourself; it is shown as that. `token`, from `agent.add`, proves it.',
      '4. **host** `{type: "welcome", session_id}`.',
    ].join('\n'),
    'Instead of 2 or 4 the host may answer `{type: "refused", error}` and close. A second hello is refused at any time.',
    `Nonces are 32 random bytes, new for each connection, base64url without padding (RFC 4648 §5); so are proofs. A proof is HMAC-SHA256 with the 32 bytes of \`host.key\` over all parts in order, each preceded by its length in bytes as 4 bytes big-endian. Text parts are UTF-8; nonces are the raw 32 bytes.`,
    [
      `- host: \`"${HANDSHAKE_LABEL}"\`, \`"host"\`, role, channel, instance_id, client_nonce, host_nonce`,
      `- client: \`"${HANDSHAKE_LABEL}"\`, \`"client"\`, role, channel, instance_id, client_nonce, host_nonce, principal_hint, token (empty when there is none)`,
    ].join('\n'),
    'Compare proofs in constant time.',
    ...vectors.vectors.map(vectorSection),
  ].join('\n\n');
