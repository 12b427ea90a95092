import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { panelHtml } from './html.ts';

const html = panelHtml({
  cspSource: 'https://*.vscode-cdn.net',
  nonce: 'n0nce',
  script: 'https://x/panel.js?a=1&b="',
  styles: ['https://x/panel.css'],
  codicons: 'https://x/codicon.css',
});

describe('the document of the panel', () => {
  it('[G-37] runs one script, by its nonce, and loads nothing from outside', () => {
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '';
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /script-src 'nonce-n0nce';/);
    assert.doesNotMatch(policy, /unsafe|connect-src|\*;/);
    assert.equal(html.match(/<script/g)?.length, 1);
    assert.doesNotMatch(html, /style="|onclick|javascript:/);
  });

  it('escapes what it is given', () => {
    assert.match(html, /panel\.js\?a=1&amp;b=&quot;"/);
  });
});
