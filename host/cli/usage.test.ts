import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { didYouMean, nearest, takesWords, usageText } from './usage.ts';

const commands = ['host', 'say', 'events', 'agent', 'approvals', 'verify', 'diagnose', 'server'];

describe('a wrong command line', () => {
  it('[G-40] is answered with the word that was probably meant, and with none where nothing is near', () => {
    for (const [given, meant] of [
      ['verfiy', 'verify'],
      ['event', 'events'],
      ['diag', 'diagnose'],
      ['agnet', 'agent'],
      ['aproval', 'approvals'],
    ] as const)
      assert.equal(nearest(given, commands), meant);
    for (const given of ['nonsense', 'x', 'ls', 'bananas'])
      assert.equal(nearest(given, commands), undefined);
    assert.equal(didYouMean('sya', commands, 'hob '), ' Did you mean "hob say"?');
    assert.equal(didYouMean('bananas', commands), '');
  });

  it('[G-40] is answered with the one way that was meant, or with each on a line of its own', () => {
    const usage = 'agent list | connect NAME [--yes] | pause|resume AGENT';
    assert.equal(usageText(usage, 'connect'), 'Usage: hob agent connect NAME [--yes]');
    assert.equal(usageText(usage, 'resume'), 'Usage: hob agent pause|resume AGENT');
    assert.equal(usageText('verify', 'x'), 'Usage: hob verify');
    assert.equal(
      usageText('secret list | set NAME [--passphrase | --stdin]', 'set'),
      'Usage: hob secret set NAME [--passphrase | --stdin]',
    );
    assert.equal(
      usageText(usage),
      'Usage:\n  hob agent list\n  hob agent connect NAME [--yes]\n  hob agent pause|resume AGENT',
    );
    assert.match(
      usageText(usage, 'lst'),
      /^There is no "hob agent lst"\. Did you mean "hob agent list"\? Usage:\n/,
    );
  });

  it('[G-40] a command without words is known by how it is written', () => {
    assert.deepEqual(
      [
        'verify',
        'demo [--answer approve|deny]',
        'events [--from-seq N] [--follow]',
        'say TEXT',
        'approvals [--all] | APPROVAL_ID',
        'grants [--all] | revoke ID',
      ].map(takesWords),
      [false, false, false, true, true, true],
    );
  });
});
