import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { covers, hasEnded, readLogin, renews, scopeUnion, secretsOf } from './kept-login.ts';
import { loginOrigin, missing } from './login-origins.ts';

const kept = {
  v: 1,
  grant: 'authorization_code',
  issuer: 'https://a.example',
  metadata: null,
  resource: null,
  client: { client_id: 'id', client_secret: 'a client secret' },
  access_token: 'an access token',
  refresh_token: 'a refresh token',
  scope: 'read',
  asked_scope: 'read write',
  expires_at: 1_000_000,
} as const;

describe('a login that is kept', () => {
  it('[X-13] comes back as it was; what is something else, or later, is none', () => {
    assert.deepEqual(readLogin(JSON.stringify(kept)), kept);
    for (const text of ['', 'null', '[]', '{"v":2}', JSON.stringify({ ...kept, v: 2 }), '{"v":1}'])
      assert.equal(readLogin(text), null, text);
  });

  it('[X-13] names its secrets, and no word that is too short to be told from others', () => {
    assert.deepEqual(secretsOf(kept), ['an access token', 'a refresh token', 'a client secret']);
    assert.deepEqual(
      secretsOf({ ...kept, access_token: 'short', refresh_token: null, client: null }),
      [],
    );
  });

  it('[X-13] has ended before its time is over, and can be prolonged with what it has', () => {
    assert.ok(!hasEnded(kept, 969_999) && hasEnded(kept, 970_000));
    assert.ok(!hasEnded({ ...kept, expires_at: null }, Number.MAX_SAFE_INTEGER));
    assert.ok(renews(kept) && !renews({ ...kept, refresh_token: null }));
    assert.ok(renews({ ...kept, refresh_token: null, grant: 'client_credentials' }));
  });

  it('[X-13] is asked for more rights only where more were not asked for', () => {
    assert.equal(scopeUnion('read', null, ' write read ', undefined), 'read write');
    assert.equal(scopeUnion(null, ''), null);
    assert.ok(covers('read write', 'write') && covers(null, null) && !covers('read', 'write'));
  });
});

describe('places for signing in', () => {
  const at = (place: string, own: 'public' | 'private' | 'loopback', allowsPrivate = false) => {
    const found = loginOrigin(
      new URL(place),
      { origin: 'https://s.example', reach: own },
      allowsPrivate,
    );
    return 'problem' in found ? null : found.allowed.reach;
  };

  it('[X-13] [A-92] are https, and on this machine only for a server that is', () => {
    assert.equal(at('https://login.example', 'public'), 'public');
    assert.equal(at('https://login.example', 'private', true), 'private');
    assert.equal(at('http://localhost:9/x', 'loopback'), 'loopback');
    for (const place of [
      'http://localhost:9',
      'https://localhost',
      'https://127.0.0.1',
      'http://login.example',
    ])
      assert.equal(at(place, 'public'), null, place);
    assert.equal(at('http://localhost', 'private', true), null);
  });

  it('[X-13] [A-92] are asked about once each, and not again', () => {
    const of = (origin: string) => ({ origin, reach: 'public' as const });
    const found = missing([of('a'), of('b'), of('b'), of('c')], [of('a')]);
    assert.deepEqual(
      found.map(({ origin }) => origin),
      ['b', 'c'],
    );
  });
});
