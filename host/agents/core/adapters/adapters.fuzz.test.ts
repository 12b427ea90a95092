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
import { stopsCall } from '../../../../test/fakes/hook-answers.ts';
import { agentAdapters } from '../adapter.ts';
import { hookedAgents } from '../hook-request.ts';

const tools = [
  'Shell',
  'MCP:a',
  'bash',
  'view',
  'run_shell_command',
  'run_commands',
  'developer__shell',
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
const value = jsonValue();
const tool = oneof(constantFrom(...tools), string(), value);
const anyInput = oneof({ weight: 4, arbitrary: input }, { weight: 1, arbitrary: value });
const folder = oneof({ weight: 4, arbitrary: constantFrom('/w') }, { weight: 1, arbitrary: value });

/** A payload with every agent's names for its parts. */
const payload = record(
  {
    hook_event_name: constantFrom(
      'PreToolUse',
      'PermissionRequest',
      'BeforeTool',
      'preToolUse',
      'Stop',
    ),
    hookName: constantFrom('PreToolUse', 'TaskStart'),
    event: constantFrom('PreToolUse', 'Stop'),
    tool_name: tool,
    toolName: tool,
    tool_input: anyInput,
    toolArgs: anyInput,
    preToolUse: oneof(record({ toolName: tool, parameters: anyInput }), value),
    cwd: folder,
    working_dir: folder,
    workspaceRoots: oneof(
      folder.map((root) => [root]),
      value,
    ),
    session_id: value,
    tool_use_id: value,
    timestamp: value,
  },
  {
    requiredKeys: [
      'hook_event_name',
      'hookName',
      'event',
      'tool_name',
      'toolName',
      'tool_input',
      'toolArgs',
      'preToolUse',
      'cwd',
      'working_dir',
      'workspaceRoots',
    ],
  },
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
        assert.ok(stopsCall(agent, denied), JSON.stringify(denied));
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
