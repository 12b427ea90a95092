import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { diagnosisHtml } from './html.ts';

describe('the diagnostics page', () => {
  const html = diagnosisHtml(
    {
      state: { kind: 'fatal', detail: 'No <node>.' },
      facts: [{ name: 'Data', value: '<script>x</script>' }],
    },
    'n0nce',
  );

  it('[A-84] says what is wrong and names the commands that help', () => {
    assert.match(html, /The host does not start\./);
    assert.match(html, /No &lt;node&gt;\./);
    assert.match(html, /href="command:hob\.restartHost">Restart the host</);
    assert.match(html, /href="command:hob\.openLog"/);
  });

  it('runs nothing and takes no text for markup', () => {
    assert.doesNotMatch(html, /<script/);
    assert.match(html, /default-src 'none'; style-src 'nonce-n0nce'/);
  });
});
