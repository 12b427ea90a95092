import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { JsonObject } from '#schema/envelope/json.ts';
import { createRedactor, TEXT_LIMIT } from './redact.ts';
import { secretForms } from './known-secrets.ts';

const nothingKnown = createRedactor(() => []);
const textOf = (text: string): string => nothingKnown({ text }).data['text'] as string;

/** Always the same "random" characters, so that a failure can be looked at. */
function maker(seed: number): (length: number, alphabet: string) => string {
  let state = seed;
  return (length, alphabet) =>
    Array.from({ length }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return alphabet[(state >>> 8) % alphabet.length];
    }).join('');
}

const AN = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const HEX = '0123456789abcdef';
type Make = (length: number, alphabet: string) => string;

/** Kind → a value in the shape that its issuer publishes, and how it is named afterwards. */
const secretKinds: Readonly<Record<string, readonly [name: string, value: (r: Make) => string]>> = {
  'AWS key id': ['aws_key_id', (r) => `AKIA${r(16, UPPER)}`],
  'AWS temporary key id': ['aws_key_id', (r) => `ASIA${r(16, UPPER)}`],
  'AWS secret': ['assigned_secret', (r) => `aws_secret_access_key = 7${r(39, AN)}`],
  'GitHub token': ['github_token', (r) => `ghp_${r(36, AN)}`],
  'GitHub fine-grained token': ['github_token', (r) => `github_pat_${r(22, AN)}_${r(59, AN)}`],
  'GitLab token': ['gitlab_token', (r) => `glpat-${r(20, AN)}`],
  'Slack bot token': ['slack_token', (r) => `xoxb-${r(12, HEX)}-${r(12, HEX)}-${r(24, AN)}`],
  'Slack app token': ['slack_token', (r) => `xapp-1-${r(40, AN)}`],
  'Slack webhook': [
    'slack_webhook',
    (r) => `https://hooks.slack.com/services/T${r(8, UPPER)}/B${r(8, UPPER)}/${r(24, AN)}`,
  ],
  'OpenAI project key': ['openai_key', (r) => `sk-proj-${r(74, AN)}T3BlbkFJ${r(74, AN)}`],
  'OpenAI old key': ['openai_key', (r) => `sk-${r(20, AN)}T3BlbkFJ${r(20, AN)}`],
  'Anthropic key': ['anthropic_key', (r) => `sk-ant-api03-${r(93, AN)}AA`],
  'Google key': ['google_key', (r) => `AIza${r(35, AN)}`],
  'Google OAuth token': ['google_oauth', (r) => `ya29.${r(60, AN)}`],
  'Stripe key': ['stripe_key', (r) => `sk_live_${r(24, AN)}`],
  'npm token': ['npm_token', (r) => `npm_${r(36, AN)}`],
  'PyPI token': ['pypi_token', (r) => `pypi-AgEIcHlwaS5vcmc${r(60, AN)}`],
  'Hugging Face token': ['huggingface_token', (r) => `hf_a${r(33, AN)}`],
  'SendGrid key': ['sendgrid_key', (r) => `SG.${r(22, AN)}.${r(43, AN)}`],
  'Twilio key': ['twilio_key', (r) => `SK${r(32, HEX)}`],
  'DigitalOcean token': ['digitalocean_token', (r) => `dop_v1_${r(64, HEX)}`],
  'Telegram token': ['telegram_token', (r) => `${r(10, '123456789')}:AA${r(33, AN)}`],
  'Discord token': ['discord_token', (r) => `M${r(23, AN)}.${r(6, AN)}.${r(27, AN)}`],
  'age key': ['age_key', (r) => `AGE-SECRET-KEY-1${r(58, 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L')}`],
  'Vault token': ['vault_token', (r) => `hvs.${r(90, AN)}`],
  'Docker token': ['docker_token', (r) => `dckr_pat_${r(27, AN)}`],
  'Databricks token': ['databricks_token', (r) => `dapi${r(32, HEX)}`],
  'Shopify token': ['shopify_token', (r) => `shpat_${r(32, HEX)}`],
  'Linear key': ['linear_key', (r) => `lin_api_${r(40, AN)}`],
  'Azure connection': [
    'azure_key',
    (r) =>
      `DefaultEndpointsProtocol=https;AccountKey=${r(86, AN)}==;EndpointSuffix=core.windows.net`,
  ],
  'private key': [
    'private_key',
    (r) => `-----BEGIN PRIVATE KEY-----\n${r(64, AN)}\n${r(40, AN)}==\n-----END PRIVATE KEY-----`,
  ],
  'encrypted private key': [
    'private_key',
    (r) =>
      `-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,${r(32, HEX)}\n\n${r(64, AN)}\n-----END RSA PRIVATE KEY-----`,
  ],
  JWT: ['jwt', (r) => `eyJ${r(33, AN)}.eyJ${r(60, AN)}.${r(43, AN)}`],
  bearer: ['bearer', (r) => `Authorization: Bearer ${r(40, AN)}`],
  'basic authorization': ['basic_auth', (r) => `"Authorization": "Basic ${r(28, AN)}"`],
  'URL with a password': ['url_password', (r) => `https://user:${r(16, AN)}@db.example.com/x`],
  'PostgreSQL URL': ['url_password', (r) => `postgres://app:${r(20, AN)}@10.0.0.5:5432/prod`],
  'Redis URL without a user': ['url_password', (r) => `redis://:${r(20, AN)}@cache:6379`],
  'assigned password': ['assigned_secret', (r) => `password = "7${r(17, AN)}"`],
  'environment variable': ['assigned_secret', (r) => `export DB_PASSWORD=7${r(17, AN)}`],
  'JSON inside JSON': ['assigned_secret', (r) => `{\\"api_key\\": \\"7${r(30, AN)}\\"}`],
  'YAML token': ['assigned_secret', (r) => `  token: 7${r(30, AN)}`],
};

const harmless: readonly string[] = [
  '123e4567-e89b-42d3-a456-426614174000',
  '01ARZ3NDEKTSV4RRFFQ69G5FAV run_01ARZ3NDEKTSV4RRFFQ69G5FAV',
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  'da39a3ee5e6b4b0d3255bfef95601890afd80709',
  'sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==',
  'const password = getPassword(user);',
  'const token = await readTokenFromKeychain2(service);',
  'see the token endpoint docs; the secret is out',
  'https://example.com/a/b?c=abcdefghij&page=2',
  'http://localhost:3000/users/1:2@home',
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4//8/w38GIAXDIBKE0DHxgljNBAAO9TXL0Y4OHwAAAABJRU5ErkJggg==',
  'key: value, keyboard: qwerty, monkey = 1',
  'git commit -m "Rotate the api key; remove the password field"',
  '2026-11-20T14:33:05.123Z INFO GET /api/v1/users 200 12ms',
  'skip-this-step-because-it-is-too-long-for-a-key',
  'npm_config_registry npm_lifecycle_event npm_package_json',
  'max_tokens: 4096, token_count: 1234567890123',
  'token: ${{ secrets.GITHUB_TOKEN }}',
  'postgres://user:${DB_PASSWORD}@localhost/db',
  'OneOfTheLongestCamelCaseNamesInThisProject.method.anotherMethod',
  'M.Sc. thesis.pdf',
  'password: required field',
];

describe('redaction', () => {
  describe('[A-110] finds what has the shape of a secret', () => {
    for (const [kind, [name, value]] of Object.entries(secretKinds)) {
      it(kind, () => {
        for (let seed = 1; seed <= 20; seed += 1) {
          const secret = value(maker(seed));
          const clean = textOf(`output line 1\nconfig: ${secret}\nend of output\n`);
          assert.ok(clean.includes(`[redacted:${name}]`), clean);
          const tail =
            secret
              .replaceAll(/[^A-Za-z0-9]+/g, ' ')
              .trim()
              .split(' ')
              .toSorted((a, b) => b.length - a.length)[0] ?? '';
          assert.equal(clean.includes(tail), false, clean);
          assert.ok(
            clean.startsWith('output line 1\nconfig: ') && clean.includes('end of output'),
            clean,
          );
        }
      });
    }
  });

  it('leaves alone what only looks a little like one', () => {
    for (const text of harmless) {
      const data = { text: `before ${text} after` };
      const redaction = nothingKnown(data);
      assert.deepEqual(redaction, { data, redaction_level: 'none', contains_secrets: false });
      assert.equal(redaction.data, data, 'and copies nothing');
    }
  });

  it('keeps what stands around it', () => {
    assert.equal(
      textOf('postgres://app:hunter2hunter2@db/prod'),
      'postgres://app:[redacted:url_password]@db/prod',
    );
    assert.equal(
      textOf('DB_PASSWORD=correct7horse7battery next'),
      'DB_PASSWORD=[redacted:assigned_secret] next',
    );
    assert.equal(
      textOf(`curl -H "Authorization: Bearer ${'a1'.repeat(12)}" x`),
      'curl -H "Authorization: Bearer [redacted:bearer]" x',
    );
  });

  it('goes through arrays, objects and foreign keys', () => {
    const secret = `ghp_${'a1B2'.repeat(9)}`;
    const { data, contains_secrets } = nothingKnown({
      result: { list: [1, null, [secret]], [secret]: true },
      n: 1,
    });
    assert.deepEqual(data, {
      result: { list: [1, null, ['[redacted:github_token]']], '[redacted:github_token]': true },
      n: 1,
    });
    assert.equal(contains_secrets, true);
  });

  it('takes a private key to its end, also one that was cut off', () => {
    const begin = '-----BEGIN OPENSSH PRIVATE KEY-----';
    assert.equal(textOf(`a ${begin}\nb3BlbnNzaC1rZXk`), 'a [redacted:private_key]');
    assert.equal(
      textOf(`a ${begin}\nb3Bl\n-----END OPENSSH PRIVATE KEY----- b`),
      'a [redacted:private_key] b',
    );
  });

  it('keeps apart keys that become the same', () => {
    const a = `ghp_${'a1B2'.repeat(9)}`;
    const b = `ghp_${'b1B2'.repeat(9)}`;
    const { data } = nothingKnown({ result: { [a]: 1, [b]: 2 } });
    assert.deepEqual(data, {
      result: { '[redacted:github_token]': 1, '[redacted:github_token]#2': 2 },
    });
  });

  it('takes fields by their name, whatever their value looks like', () => {
    const { data } = nothingKnown({
      arguments: {
        password: 'correct horse',
        db_password: 'battery staple',
        token: 'short',
        tokenizer: 'stays as it is',
      },
    });
    assert.deepEqual(data['arguments'], {
      password: '[redacted:secret_field]',
      db_password: '[redacted:secret_field]',
      token: 'short',
      tokenizer: 'stays as it is',
    });
  });

  it('takes what follows a flag for secrets, as a list and as a line', () => {
    const call = {
      arguments: { argv: ['gh', '--token', 'abc123def456', '--api-key', 'none', '-p', '12345678'] },
    };
    const argv = ['gh', '--token', '[redacted:flag_secret]', '--api-key', 'none', '-p', '12345678'];
    assert.deepEqual(nothingKnown(call).data, { arguments: { argv } });
    assert.equal(
      textOf('x login --db-password hunter2hunter2 -v'),
      'x login --db-password [redacted:flag_secret] -v',
    );
    assert.equal(
      textOf('docker build --secret id=mysecret --token $TOKEN2345 .'),
      'docker build --secret id=mysecret --token $TOKEN2345 .',
    );
  });

  it('is stable: redacting again changes nothing', () => {
    const first = nothingKnown({
      text: `password=correct7horse7battery https://u:hunter2hunter2@x`,
      arguments: { password: 'hunter2hunter2' },
    });
    assert.equal(first.contains_secrets, true);
    const second = nothingKnown(first.data);
    assert.deepEqual(second, {
      data: first.data,
      redaction_level: 'none',
      contains_secrets: false,
    });
  });

  it('does not touch ids, hashes, keys and signatures of ours', () => {
    const data: JsonObject = {
      run_id: 'run_01ARZ3NDEKTSV4RRFFQ69G5FAV',
      call_hash: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      token_sha256: `${'0'.repeat(54)}abcdefabcd`,
      public_key: `sk-${'a'.repeat(40)}`,
      signed: {
        signature: `sk-${'aB1_'.repeat(20)}abc`,
        decider_id: 'dec_01ARZ3NDEKTSV4RRFFQ69G5FAV',
      },
    };
    assert.equal(nothingKnown(data).data, data);
    assert.equal(createRedactor(() => ['sk-aaaaaaaaaa', 'e3b0c44298fc'])(data).data, data);
  });

  it('protects no field of foreign data, and none whose value has another shape', () => {
    const secret = `sk-${'a'.repeat(40)}`;
    assert.deepEqual(nothingKnown({ arguments: { public_key: secret } }).data, {
      arguments: { public_key: '[redacted:openai_key]' },
    });
    assert.deepEqual(nothingKnown({ public_key: `${secret}a` }).data, {
      public_key: '[redacted:openai_key]',
    });
  });

  it('makes half surrogates whole, which have no canonical form', () => {
    assert.deepEqual(nothingKnown({ text: 'x\ud800', arguments: { 'k\udc00': 'y\udfff' } }).data, {
      text: 'x\ufffd',
      arguments: { 'k\ufffd': 'y\ufffd' },
    });
  });

  it('looks through long texts to their end and keeps nothing beyond that', () => {
    const secret = `ghp_${'a1B2'.repeat(9)}`;
    const long = `${'x '.repeat(400_000)}${secret}`;
    assert.ok(textOf(long).endsWith('x [redacted:github_token]'));
    const over = `${'x '.repeat(TEXT_LIMIT / 2)}${secret}`;
    assert.ok(textOf(over).endsWith('x [redacted:too_long]'));
  });

  it('ends soon on text that was made to be slow', () => {
    const parts = [
      '-----BEGIN PRIVATE KEY-----\n',
      'eyJaaaaaaaaaaa-',
      'password=',
      'a://',
      'Bearer ',
      'sk-',
      'https://a:b',
      'secret": "',
      '--token ',
      '-a',
    ];
    for (const part of parts) textOf(part.repeat(Math.floor(TEXT_LIMIT / part.length)));
  });

  describe('[A-94] finds the secrets that Hob holds', () => {
    const secret = 'pässword with "quotes" & more/+?';
    const bytes = Buffer.from(secret);
    const forms: Readonly<Record<string, string>> = {
      plain: secret,
      'in a URL': encodeURIComponent(secret),
      'in a form': encodeURIComponent(secret).replaceAll('%20', '+'),
      'in base64': bytes.toString('base64'),
      'in base64 behind one byte': Buffer.concat([Buffer.from('x'), bytes]).toString('base64'),
      'in base64 behind two bytes': Buffer.concat([Buffer.from('xy'), bytes]).toString('base64'),
      'in base64 inside a longer text': Buffer.from(`user:${secret}@host`).toString('base64'),
      'in base64url': bytes.toString('base64url'),
      'in hex': bytes.toString('hex'),
      'in upper-case hex': bytes.toString('hex').toUpperCase(),
      'in JSON inside the text': JSON.stringify({ k: secret }),
    };
    for (const [name, form] of Object.entries(forms)) {
      it(name, () => {
        const { data, redaction_level } = createRedactor(() => [secret])({ text: `<${form}>` });
        assert.match(data['text'] as string, /\[redacted:known_secret\]/);
        assert.equal(redaction_level, 'partial');
        const left = (data['text'] as string).replace('[redacted:known_secret]', '');
        assert.ok(left.length < Math.max(20, form.length / 2), left);
      });
    }

    it('but no value that is too short to be one', () => {
      const data = { text: 'a yes is a yes' };
      assert.equal(createRedactor(() => ['yes', ''])(data).data, data);
      assert.deepEqual(secretForms(['1234567']), []);
    });

    it('and follows when they change', () => {
      let known = ['first secret value'];
      const redact = createRedactor(() => known);
      const data = { text: 'first secret value, second secret value' };
      assert.deepEqual(redact(data).data, { text: '[redacted:known_secret], second secret value' });
      known = ['second secret value'];
      assert.deepEqual(redact(data).data, { text: 'first secret value, [redacted:known_secret]' });
    });
  });
});
