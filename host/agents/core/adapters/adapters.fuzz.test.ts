import assert from 'node:assert/strict';
import {
  assert as assertAll,
  constantFrom,
  jsonValue,
  oneof,
  property,
  record,
  string,
} from 'fast-check';
import { describe, it } from 'mocha';
import { agentAdapters } from '../adapter.ts';
import { hookedAgents } from '../hook-request.ts';

const tools = [
  'Bash',
  'apply_patch',
  'Write',
  'Edit',
  'Read',
  'Glob',
  'WebFetch',
  'mcp__a__b',
  'run_in_terminal',
  'x',
];
const fields = [
  'command',
  'file_path',
  'path',
  'pattern',
  'edits',
  'files',
  'url',
  'content',
  'old_string',
  'replacements',
];
const input = record(Object.fromEntries(fields.map((name) => [name, jsonValue()])), {
  requiredKeys: [],
});
const payload = record(
  {
    hook_event_name: constantFrom('PreToolUse', 'PermissionRequest', 'Stop'),
    tool_name: oneof(constantFrom(...tools), string(), jsonValue()),
    tool_input: oneof({ weight: 4, arbitrary: input }, { weight: 1, arbitrary: jsonValue() }),
    cwd: oneof({ weight: 4, arbitrary: constantFrom('/w') }, { weight: 1, arbitrary: jsonValue() }),
    session_id: jsonValue(),
    tool_use_id: jsonValue(),
    timestamp: jsonValue(),
  },
  { requiredKeys: ['hook_event_name', 'tool_name', 'tool_input', 'cwd'] },
);

describe('hostile hook input', () => {
  for (const agent of hookedAgents) {
    const adapter = agentAdapters[agent];

    it(`[G-30] never makes the reader of ${agent} throw, and is answered or refused`, () => {
      let read = 0;
      const check = property(payload, (body) => {
        const parsed = adapter.parse(JSON.stringify(body));
        if (!parsed.ok) return assert.notEqual(parsed.reason.trim(), '');
        read += 1;
        const denied = adapter.render({ decision: 'deny', reason: 'no' }, parsed.request);
        assert.match(denied.stdout + denied.stderr, /deny|no/);
      });
      assertAll(check, { numRuns: 2_000 });
      assert.ok(read > 100, `only ${read} were readable: the test looked at too little`);
    });

    it(`[G-30] takes any text for ${agent} without throwing`, () => {
      assertAll(
        property(
          oneof(
            string({ unit: 'binary' }),
            jsonValue().map((value) => JSON.stringify(value)),
          ),
          (text) => void adapter.parse(text),
        ),
        { numRuns: 500 },
      );
    });
  }
});
