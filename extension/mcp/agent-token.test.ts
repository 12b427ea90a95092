import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { SecretStorage } from 'vscode';
import { agentToken, type AgentTokenOptions } from './agent-token.ts';

function setUp() {
  const kept = new Map<string, string>();
  const active = new Set<string>();
  let added = 0;
  const secrets = {
    get: (key: string) => Promise.resolve(kept.get(key)),
    store: (key: string, value: string) => Promise.resolve(void kept.set(key, value)),
  } as unknown as SecretStorage;
  const request = ((command: string) => {
    if (command === 'agent.list') {
      return Promise.resolve({ agents: [...active].map((agent_id) => ({ agent_id })) });
    }
    const agent_id = `agent_${++added}`;
    active.add(agent_id);
    return Promise.resolve({ agent: { agent_id }, token: `token_${added}` });
  }) as unknown as AgentTokenOptions['request'];
  const ask = (storeId: string | null = 's1') =>
    agentToken({ secrets, request, storeId: () => storeId, display: 'Code' });
  return { ask, active };
}

describe("the token of this editor's MCP session", () => {
  it('[G-28] is made once for each store and kept', async () => {
    const { ask } = setUp();
    assert.equal(await ask(), 'token_1');
    assert.equal(await ask(), 'token_1');
    assert.equal(await ask('s2'), 'token_2');
  });

  it('is made again once its agent was revoked', async () => {
    const { ask, active } = setUp();
    await ask();
    active.clear();
    assert.equal(await ask(), 'token_2');
  });

  it('is left out without a host', async () => {
    assert.equal(await setUp().ask(null), null);
  });
});
