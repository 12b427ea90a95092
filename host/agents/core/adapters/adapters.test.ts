import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import type { JsonObject, JsonValue } from '#schema/envelope/json.ts';
import { actionCallSchema } from '#schema/views/action-call.ts';
import { stopsCall } from '../../../../test/fakes/hook-answers.ts';
import { agentAdapters } from '../adapter.ts';
import { hookedAgents, type HookedAgent, type HookRequest } from '../hook-request.ts';
import { isSameQuestion, questionKey } from '../question-key.ts';

interface Golden {
  readonly source: string;
  readonly stdin: JsonObject;
  readonly request: {
    readonly event: string;
    readonly call: JsonObject;
    readonly read_only_hint: boolean;
    readonly settled?: string;
    readonly not_gated?: true;
    readonly same_question_as?: string;
  };
  readonly answers: Record<
    'allow' | 'deny',
    { stdout: JsonObject | ''; stderr: string; exit: number }
  >;
}

const root = new URL('../../../../test/fixtures/hooks/', import.meta.url);
const read = (path: string): Golden =>
  JSON.parse(readFileSync(new URL(path, root), 'utf8')) as Golden;
const golden = (agent: HookedAgent) =>
  readdirSync(new URL(`${agent}/`, root)).map((file) => ({
    name: file.replace('.json', ''),
    ...read(`${agent}/${file}`),
  }));

function parsed(agent: HookedAgent, stdin: JsonObject): HookRequest {
  const result = agentAdapters[agent].parse(JSON.stringify(stdin));
  assert.ok(result.ok, result.ok ? '' : result.reason);
  return result.request;
}

const keyOf = (request: HookRequest) =>
  questionKey(request.dedupe_key, request.tool_use_id, (text) => text);

for (const agent of hookedAgents) {
  describe(`the dialect of ${agent}`, () => {
    const fixtures = golden(agent);
    const outcomes = [
      { decision: 'allow', reason: 'Approved.' },
      { decision: 'deny', reason: 'Not today.' },
    ] as const;

    for (const { name, stdin, request, answers } of fixtures) {
      it(`[G-29] reads ${name}`, () => {
        const { event, call, read_only_hint, settled, not_gated } = parsed(agent, stdin);
        assert.deepEqual(call, request.call);
        assert.deepEqual(
          { event, read_only_hint, settled: settled?.decision, not_gated },
          {
            event: request.event,
            read_only_hint: request.read_only_hint,
            settled: request.settled,
            not_gated: request.not_gated,
          },
        );
        actionCallSchema.parse(call);
      });

      for (const outcome of outcomes) {
        it(`[G-29] answers ${name} with ${outcome.decision}, with exactly the keys ${agent} knows`, () => {
          const answer = agentAdapters[agent].render(outcome, parsed(agent, stdin));
          const stdout = answer.stdout === '' ? '' : (JSON.parse(answer.stdout) as JsonObject);
          assert.deepEqual({ ...answer, stdout }, answers[outcome.decision]);
        });
      }

      if (request.same_question_as !== undefined) {
        it(`[G-31] takes ${name} for the call of ${request.same_question_as}`, () => {
          const other = request.same_question_as as string;
          const from = other.startsWith('../') ? (other.split('/')[1] as HookedAgent) : agent;
          const earlier = parsed(from, read(new URL(`${agent}/${other}.json`, root).href).stdin);
          assert.ok(isSameQuestion(keyOf(earlier), keyOf(parsed(agent, stdin))));
        });
      }
    }

    for (const [what, stdin] of [
      ['nothing', ''],
      ['text', 'hello'],
      ['a list', '[]'],
      ['half an object', '{"tool_name":'],
      ['an empty object', '{}'],
      ...spoilt(fixtures[0]?.stdin ?? {}),
    ] as const) {
      it(`[G-30] refuses ${what}, loudly enough that ${agent} stops`, () => {
        const adapter = agentAdapters[agent];
        const result = adapter.parse(stdin);
        assert.equal(result.ok, false);
        const answer = adapter.render({ decision: 'allow', reason: 'no matter' }, undefined);
        assert.ok(stopsCall(agent, answer), JSON.stringify(answer));
      });
    }
  });
}

/** The payload with one thing spoilt at a time, under whatever name the agent has for it. */
function spoilt(stdin: JsonObject): (readonly [string, string])[] {
  const change = (names: readonly string[], value: JsonValue): string =>
    JSON.stringify(stdin, (key, found: JsonValue) => (names.includes(key) ? value : found));
  const events = ['hook_event_name', 'hookEventName', 'hookName', 'event'];
  const event = events.some((name) => Object.hasOwn(stdin, name))
    ? [['an event Hob does not answer', change(events, 'Stop')] as const]
    : [];
  return [
    ...event,
    ['no tool', change(['tool_name', 'toolName', 'name'], 7)],
    ['no input', change(['tool_input', 'toolArgs', 'parameters', 'input'], null)],
    ['no folder', change(['cwd', 'working_dir', 'workspaceRoots', 'workspace_roots'], '')],
  ];
}

describe('telling calls apart', () => {
  const base = read('codex/shell-plain.json').stdin;
  const key = (stdin: JsonObject) => keyOf(parsed('codex', stdin));

  it('[G-31] the same command run again is a new question', () => {
    assert.equal(isSameQuestion(key(base), key({ ...base, tool_use_id: 'call_9' })), false);
  });
  for (const [what, change] of [
    ['another command', { tool_input: { command: 'git push' } }],
    ['another session', { session_id: 'other' }],
    ['another turn', { turn_id: 'other' }],
    ['another tool', { tool_name: 'apply_patch' }],
  ] as const) {
    it(`[G-31] ${what} under the same id is a new question`, () => {
      assert.equal(isSameQuestion(key(base), key({ ...base, ...change })), false);
    });
  }
  it('[G-31] a prompt of Codex with another command is a new question', () => {
    const later = {
      ...read('codex/shell-permission-request.json').stdin,
      tool_input: { command: 'rm -rf /' },
    };
    assert.equal(isSameQuestion(key(read('codex/shell-complex.json').stdin), key(later)), false);
  });
  it('[G-31] calls without an id never match at another time', () => {
    const body = read('vscode/copilot-bash.json').stdin;
    const at = (timestamp: string) => keyOf(parsed('vscode', { ...body, timestamp }));
    assert.equal(
      isSameQuestion(at('2026-10-14T10:30:00.000Z'), at('2026-10-14T10:30:00.001Z')),
      false,
    );
  });
});
