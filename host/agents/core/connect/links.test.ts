import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import type { InstallLink } from '#schema/views/agent.ts';
import { shellWords } from '#host/kernel/shell-words.ts';
import { shellQuoted } from './launch.ts';
import { installLinks } from './links.ts';

const serverFor = (client: string) => ({
  command: '/bin/sh',
  args: ["/home/ana/it's ~here+/mcp", '--as', client, '--data-dir', '/d ä'],
  env: { ELECTRON_RUN_AS_NODE: '1' },
});
const toBase64 = (plain: string): string => Buffer.from(plain, 'utf8').toString('base64');
const links = installLinks(serverFor, { quote: shellQuoted, toBase64 });
const text = (id: InstallLink['id']): string => links.find((link) => link.id === id)?.text ?? '';

describe('the install links', () => {
  it('[G-60] VS Code reads back the name and the whole server', () => {
    const url = new URL(text('vscode'));
    assert.equal(`${url.protocol}${url.pathname}`, 'vscode:mcp/install');
    const read: unknown = JSON.parse(decodeURIComponent(url.search.slice(1)));
    assert.deepEqual(read, { name: 'hob', ...serverFor('vscode-mcp') });
  });
  it('[G-60] Cursor reads back the same from base64', () => {
    const url = new URL(text('cursor'));
    assert.equal(
      `${url.protocol}//${url.host}${url.pathname}`,
      'cursor://anysphere.cursor-deeplink/mcp/install',
    );
    assert.equal(url.searchParams.get('name'), 'hob');
    const config = Buffer.from(url.searchParams.get('config') ?? '', 'base64').toString('utf8');
    assert.deepEqual(JSON.parse(config), serverFor('cursor'));
  });
  it('[G-60] the line for Claude Code is one plain command, with everything of the server behind --', () => {
    const words = shellWords(text('claude-code'));
    assert.ok(words.kind === 'simple', text('claude-code'));
    const { command, args, env } = serverFor('claude-code');
    const [variable] = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    assert.deepEqual(
      [...words.argv],
      ['claude', 'mcp', 'add', '--scope', 'user', '-e', variable, 'hob', '--', command, ...args],
    );
  });
  it('[G-60] server.json is one that a registry takes, of this very version', () => {
    const read = (path: string) =>
      JSON.parse(readFileSync(new URL(`../../../../${path}`, import.meta.url), 'utf8')) as Record<
        string,
        string
      >;
    const server = read('docs/server.json');
    assert.match(
      server['$schema'] ?? '',
      /^https:\/\/static\.modelcontextprotocol\.io\/schemas\/[\d-]{10}\//,
    );
    assert.match(server['name'] ?? '', /^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/);
    assert.ok((server['description'] ?? '').length <= 100);
    assert.equal(server['version'], read('package.json')['version']);
  });
  it('[G-60] .mcp.json names the server; the one to commit names no path of this machine', () => {
    assert.deepEqual(JSON.parse(text('mcp-json')), {
      mcpServers: { hob: { type: 'stdio', ...serverFor('project') } },
    });
    assert.deepEqual(JSON.parse(text('mcp-json-portable')), {
      mcpServers: { hob: { type: 'stdio', command: 'hob', args: ['mcp', '--as', 'project'] } },
    });
  });
});
