import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import type { Clock } from '#host/kernel/clock.ts';
import { hookedAgents, type HookedAgent, type HookRequest } from './core/hook-request.ts';
import { stopsCall } from '../../test/fakes/hook-answers.ts';
import { hookDeadlineMs, runHook } from './hook-client.ts';
import type { GatePort } from './ports.ts';

const fixture = (path: string): string => {
  const url = new URL(`../../test/fixtures/hooks/${path}.json`, import.meta.url);
  return JSON.stringify((JSON.parse(readFileSync(url, 'utf8')) as { stdin: object }).stdin);
};
const shellOf: Record<HookedAgent, string> = {
  codex: fixture('codex/shell-plain'),
  'claude-code': fixture('claude-code/bash'),
  vscode: fixture('vscode/local-terminal'),
  'copilot-cli': fixture('copilot-cli/bash'),
  cursor: fixture('cursor/shell'),
  cline: fixture('cline/shell'),
  gemini: fixture('gemini/shell'),
  goose: fixture('goose/shell'),
};

/** A clock that stands still until told; `timers` shows what was left running. */
class HandClock implements Clock {
  timers: { ms: number; run: () => void }[] = [];
  now = () => 0;
  monotonic = () => 0;
  timer(ms: number, run: () => void): () => void {
    const entry = { ms, run };
    this.timers.push(entry);
    return () => {
      this.timers = this.timers.filter((other) => other !== entry);
    };
  }
}

const gateOf = (ask: GatePort['ask']): GatePort => ({ ask });
for (const agent of hookedAgents) {
  describe(`hob hook ${agent}`, () => {
    const run = (ask: GatePort['ask'], stdin = shellOf[agent], clock: Clock = new HandClock()) =>
      runHook({ agent, stdin, gate: gateOf(ask), clock });

    it('[G-29] lets an allowed call through', async () => {
      const answer = await run(async () => ({ decision: 'allow', reason: 'Approved by you.' }));
      assert.equal(stopsCall(agent, answer), false);
      assert.equal(answer.exit, 0);
      assert.equal(answer.stderr, '');
    });

    it('[G-29] stops a denied call and says why', async () => {
      const answer = await run(async () => ({ decision: 'deny', reason: 'Not on a Friday.' }));
      assert.ok(stopsCall(agent, answer));
      assert.match(answer.stdout + answer.stderr, /Not on a Friday\./);
    });

    const broken: readonly (readonly [string, GatePort['ask']])[] = [
      ['the host is down', async () => Promise.reject(new Error('ECONNREFUSED'))],
      [
        'the client throws',
        () => {
          throw new TypeError('x is not a function');
        },
      ],
      ['the answer is nonsense', async () => ({ decision: 'ask', reason: '' }) as never],
      ['the answer is nothing', async () => undefined as never],
    ];
    for (const [what, ask] of broken) {
      it(`[G-30] stops the call when ${what}`, async () =>
        assert.ok(stopsCall(agent, await run(ask))));
    }

    for (const stdin of [
      '',
      'garbage',
      '{',
      '[]',
      'null',
      '{"hook_event_name":"PreToolUse"}',
      `${shellOf[agent]}x`,
    ]) {
      it(`[G-30] stops on stdin ${JSON.stringify(stdin.slice(0, 12))} without asking anyone`, async () => {
        const answer = await run(async () => assert.fail('asked'), stdin);
        assert.ok(stopsCall(agent, answer), JSON.stringify(answer));
      });
    }

    it('[G-32] answers before the limit of the agent, and withdraws the question', async () => {
      const clock = new HandClock();
      const withdrawn = Promise.withResolvers<void>();
      const answering = run(
        async (_request, signal) => {
          signal.addEventListener('abort', () => withdrawn.resolve());
          queueMicrotask(() => clock.timers[0]?.run());
          return new Promise(() => {});
        },
        shellOf[agent],
        clock,
      );
      assert.ok(stopsCall(agent, await answering));
      await withdrawn.promise;
      assert.deepEqual(clock.timers, []);
      assert.equal(hookDeadlineMs(agent), agent === 'cline' ? 110_000 : 595_000);
      assert.equal(hookDeadlineMs(agent, 30), 25_000);
      assert.equal(hookDeadlineMs(agent, 4), 2_000, 'a short limit is halved');
    });

    it('leaves no timer behind after an answer', async () => {
      const clock = new HandClock();
      await run(async () => ({ decision: 'allow', reason: 'ok' }), shellOf[agent], clock);
      assert.deepEqual(clock.timers, []);
    });

    it('[G-31] asks with a short key', async () => {
      let seen: HookRequest | undefined;
      await run(async (request) => {
        seen = request;
        return { decision: 'allow', reason: 'ok' };
      });
      assert.match(seen?.dedupe_key ?? '', /^q\.[0-9a-f]{64}(?:\.[0-9a-f]{32})?$/);
    });
  });
}

describe('answers that need no question', () => {
  const asked = gateOf(async () => assert.fail('asked'));
  it("[G-31] Hob's own tool is allowed at once", async () => {
    const answer = await runHook({
      agent: 'claude-code',
      stdin: fixture('claude-code/mcp-own-tool'),
      gate: asked,
      clock: new HandClock(),
    });
    assert.match(answer.stdout, /"permissionDecision":"allow"/);
  });
  it('[G-29] a bare shell is denied to Codex, with the reason', async () => {
    const answer = await runHook({
      agent: 'codex',
      stdin: fixture('codex/bare-shell'),
      gate: asked,
      clock: new HandClock(),
    });
    assert.match(answer.stdout, /"permissionDecision":"deny".*interactive/);
  });
  it('[G-31] a to-do list is none of its business: nothing is said, so no prompt is skipped', async () => {
    const answer = await runHook({
      agent: 'claude-code',
      stdin: fixture('claude-code/todo'),
      gate: asked,
      clock: new HandClock(),
    });
    assert.deepEqual(answer, { stdout: '', stderr: '', exit: 0 });
  });
  it('[G-31] where silence counts as a failure, none of its business is said in words', async () => {
    const answer = await runHook({
      agent: 'cursor',
      stdin: fixture('cursor/todo'),
      gate: asked,
      clock: new HandClock(),
    });
    assert.deepEqual(answer, { stdout: '{"permission":"allow"}\n', stderr: '', exit: 0 });
  });
});
