import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { allowedBy, mayReach, permissionFor } from './allowed.ts';
import { explainFailure } from './failures.ts';
import { Meter } from './meter.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('what may leave', () => {
  it('[A-33] [A-92] only https may be allowed, http at this machine alone, and no password in an address', () => {
    const judged = (url: string, allowsPrivate = false) => {
      const found = allowedBy(new URL(url), allowsPrivate);
      return 'problem' in found ? null : found.allowed;
    };
    assert.deepEqual(judged('https://mcp.example.com/a?b'), {
      origin: 'https://mcp.example.com',
      reach: 'public',
    });
    assert.equal(judged('https://mcp.example.com', true)?.reach, 'private');
    assert.equal(judged('http://localhost:3000/mcp')?.reach, 'loopback');
    assert.equal(judged('http://[::1]:3000/mcp')?.reach, 'loopback');
    for (const url of [
      'http://mcp.example.com',
      'http://192.168.1.4',
      'ftp://localhost',
      'file:///etc/passwd',
      'https://me:secret@mcp.example.com',
      'http://localhost.example.com',
    ])
      assert.equal(judged(url), null, url);
  });

  it('[A-33] [A-92] a permission is for one scheme, host and port', () => {
    const allowed = [{ origin: 'https://a.example', reach: 'public' as const }];
    const isAllowed = (url: string) => permissionFor(new URL(url), allowed) !== null;
    assert.ok(isAllowed('https://a.example/x'));
    assert.ok(isAllowed('https://A.example:443/y'));
    for (const url of [
      'http://a.example',
      'https://a.example:8443',
      'https://b.a.example',
      'https://a.example.evil.test',
      'https://user@a.example',
    ])
      assert.ok(!isAllowed(url), url);
  });

  it('[A-92] a name that is allowed on the internet leads nowhere else', () => {
    assert.ok(mayReach('public', 'public'));
    assert.ok(mayReach('private', 'private') && mayReach('private', 'public'));
    assert.ok(mayReach('loopback', 'loopback'));
    for (const [reach, kind] of [
      ['public', 'private'],
      ['public', 'loopback'],
      ['public', 'never'],
      ['private', 'loopback'],
      ['private', 'never'],
      ['loopback', 'public'],
      ['loopback', 'private'],
    ] as const)
      assert.ok(!mayReach(reach, kind), `${reach} ${kind}`);
  });

  it('[X-10] a body is counted whole, an event stream event by event, wherever it is cut', () => {
    const body = new Meter(10, false);
    assert.ok(body.add(bytes('12345')) && body.add(bytes('67890')));
    assert.ok(!body.add(bytes('1')));
    for (const gap of ['\n\n', '\r\n\r\n', '\r\r'])
      for (const size of [1, 2, 3, 100]) {
        const meter = new Meter(20, true);
        const text = `data: 123${gap}`.repeat(50);
        for (let at = 0; at < text.length; at += size)
          assert.ok(meter.add(bytes(text.slice(at, at + size))), `${JSON.stringify(gap)} ${size}`);
        assert.equal(meter.total, text.length);
        assert.ok(!meter.add(bytes(`data: ${'x'.repeat(20)}`)));
      }
    const lines = new Meter(20, true);
    assert.ok(!lines.add(bytes('data: 1234\r\ndata: 1234\r\n')), 'a line end is no empty line');
  });

  it('[X-10] what the system says becomes a code and a sentence', () => {
    const codeOf = (code: string) => explainFailure(Object.assign(new Error(), { code }), 'h').code;
    assert.equal(codeOf('ENOTFOUND'), 'egress_unreachable');
    assert.equal(codeOf('ECONNREFUSED'), 'egress_unreachable');
    assert.equal(codeOf('DEPTH_ZERO_SELF_SIGNED_CERT'), 'egress_untrusted');
    assert.equal(codeOf('ERR_TLS_CERT_ALTNAME_INVALID'), 'egress_untrusted');
    const many = new AggregateError([Object.assign(new Error(), { code: 'ENETUNREACH' })]);
    assert.match(explainFailure(many, 'h').message, /no network/);
  });
});
