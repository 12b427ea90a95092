import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Principal } from '#schema/envelope/principal.ts';
import type { GrantView } from '#schema/views/grant.ts';
import { actions } from '#schema/views/action-call.ts';
import { decidePolicy } from './decide.ts';
import type { CallFacts, GateState } from './facts.ts';
import { commandSteps, onlyArgv } from './commands.ts';
import { grantOffers } from './grants.ts';
import { policyTable, presets } from './table.ts';

const agent: Principal = {
  kind: 'agent',
  id: 'claimed:codex',
  display: 'codex',
  role: 'agent',
  proven: false,
};
const user: Principal = { kind: 'user', id: 'user', display: 'you', role: 'panel', proven: true };
const cli: Principal = {
  kind: 'service',
  id: 'cli',
  display: 'command line',
  role: 'cli',
  proven: true,
};
const open: GateState = {
  kill_switch: false,
  stopped: false,
  preset: 'ask',
  grants: [],
  capability: null,
  now: 0,
};

const command = (argv: string[], change: Partial<CallFacts> = {}): CallFacts => ({
  call: { action: 'command.run', tool: 'command.run', argv, cwd: '/w', arguments: {} },
  call_hash: 'a'.repeat(64),
  principal: agent,
  workspace_id: 'ws_1',
  trusted: true,
  steps: [{ argv, folders: [], files: [], writes: false }],
  argv,
  places: [],
  cwd_place: 'workspace',
  ...change,
});
const edit = (action: CallFacts['call']['action'], change: Partial<CallFacts> = {}): CallFacts =>
  command(['x'], {
    call: { action, tool: action, arguments: {} },
    steps: null,
    argv: null,
    ...change,
  });

const grant = (change: Partial<GrantView> = {}): GrantView => ({
  grant_id: 'grant_1',
  label: 'npm test *',
  action: 'command.run',
  tool: 'command.run',
  match: { kind: 'prefix', argv: ['npm', 'test'] },
  workspace_id: 'ws_1',
  principal_id: 'claimed:codex',
  until: null,
  parent_id: null,
  approval_id: 'appr_1',
  created_at: '2026-01-01T00:00:00.000Z',
  decider_id: 'dec_1',
  status: 'active',
  uses: 0,
  last_used_at: null,
  ...change,
});

const said = (facts: CallFacts, state: Partial<GateState> = {}) => {
  const { decision, reason_code } = decidePolicy(facts, { ...open, ...state });
  return `${decision} ${reason_code}`;
};

describe('policy', () => {
  it('[A-09] asks for a command of an agent, with a reason code', () =>
    assert.equal(said(command(['npm', 'test'])), 'require_approval ask.command.run.agent'));
  it('[A-09] lets a person move around and edit', () =>
    assert.equal(said(edit('editor.edit', { principal: user })), 'allow ask.editor.edit.user'));
  it('[A-09] asks a program of the person before it edits', () =>
    assert.equal(
      said(edit('editor.edit', { principal: cli })),
      'require_approval ask.editor.edit.service',
    ));
  it('[A-87] asks before an external write', () =>
    assert.equal(said(edit('external.write')), 'require_approval ask.external.write.agent'));
  it('[G-31] answers a safe read at once', () =>
    assert.equal(said(command(['git', 'status'])), 'allow safe_read'));
  it('[G-31] asks when a safe read leaves the workspace', () =>
    assert.equal(
      said(
        command(['cat', '/etc/passwd'], { places: [{ path: '/etc/passwd', place: 'outside' }] }),
      ),
      'require_approval ask.command.run.agent',
    ));
  it('[G-18] a read of a key is danger', () =>
    assert.equal(
      said(command(['cat', 'k'], { places: [{ path: 'k', place: 'credential' }] })),
      'require_approval danger',
    ));
  it('[G-18] a line of an agent that is no plain command is danger', () =>
    assert.equal(
      said(
        command(['x'], {
          call: { action: 'command.run', tool: 'Bash', command_line: 'a && b', arguments: {} },
          steps: null,
          argv: null,
        }),
      ),
      'require_approval danger',
    ));
  it('[A-88] the kill switch denies whatever was granted', () =>
    assert.equal(
      said(command(['npm', 'test']), { kill_switch: true, grants: [grant()] }),
      'deny kill_switch_on',
    ));
  it('[F-38] a paused host denies', () =>
    assert.equal(said(command(['git', 'status']), { stopped: true }), 'deny runtime_stopped'));
  it('[G-20] an untrusted workspace denies, also with a grant', () =>
    assert.equal(
      said(command(['npm', 'test'], { trusted: false }), { grants: [grant()] }),
      'deny workspace_untrusted',
    ));
  it('[G-17] a prefix grant allows what begins with its words', () =>
    assert.equal(
      said(command(['npm', 'test', '--', '-g', 'x']), { grants: [grant()] }),
      'allow grant.prefix',
    ));
  it('[G-17] a prefix grant does not reach other words', () =>
    assert.equal(
      said(command(['npm', 'testx']), { grants: [grant()] }),
      'require_approval ask.command.run.agent',
    ));
  it('[G-17] a prefix grant ends outside the workspace', () =>
    assert.equal(
      said(command(['npm', 'test'], { cwd_place: 'outside' }), { grants: [grant()] }),
      'require_approval ask.command.run.agent',
    ));
  for (const [name, change] of Object.entries({
    principal_id: 'claimed:other',
    workspace_id: 'ws_2',
    status: 'revoked',
    tool: 'Bash',
  })) {
    it(`[G-17] a grant with another ${name} allows nothing`, () =>
      assert.equal(
        said(command(['npm', 'test']), {
          grants: [grant({ [name]: change })],
        }),
        'require_approval ask.command.run.agent',
      ));
  }
  it('[G-18] no grant covers danger', () =>
    assert.equal(
      said(command(['git', 'push', '--force']), {
        grants: [grant({ match: { kind: 'prefix', argv: ['git', 'push'] } })],
      }),
      'require_approval danger',
    ));
  it('[G-12] off denies agents and leaves the person alone', () => {
    assert.equal(said(command(['npm', 'test']), { preset: 'off' }), 'deny off.command.run.agent');
    assert.equal(
      said(edit('editor.edit', { principal: user }), { preset: 'off' }),
      'allow off.editor.edit.user',
    );
  });
  it('[G-12] read-only lets agents read and nothing else', () => {
    assert.equal(said(command(['git', 'status']), { preset: 'read-only' }), 'allow safe_read');
    assert.equal(said(edit('fs.write'), { preset: 'read-only' }), 'deny read-only.fs.write.agent');
  });
  it('[G-12] trusted lets agents edit and still asks for commands and danger', () => {
    assert.equal(
      said(edit('editor.edit'), { preset: 'trusted' }),
      'allow trusted.editor.edit.agent',
    );
    assert.equal(
      said(command(['npm', 'test']), { preset: 'trusted' }),
      'require_approval trusted.command.run.agent',
    );
    assert.equal(
      said(edit('fs.write', { places: [{ path: '.vscode/x', place: 'protected' }] }), {
        preset: 'trusted',
      }),
      'require_approval danger',
    );
  });
  it('[A-09] every action has a row in every preset', () => {
    for (const preset of presets)
      for (const action of actions)
        assert.ok(
          policyTable[preset].some((row) => row.action === action),
          `${preset} ${action}`,
        );
  });
  it('[A-09] an action without a row is denied', () =>
    assert.equal(said(edit('nonsense' as CallFacts['call']['action'])), 'deny unknown_action'));
  it('[F-92] an agent may never enrol a decider', () =>
    assert.equal(said(edit('decider.enroll')), 'deny ask.decider.enroll.agent'));
});

describe('grant offers', () => {
  const labels = (argv: string[], danger = false): string[] =>
    grantOffers(command(argv), danger).map((o) => o.label);
  it('[G-17] offers this call, then its first two words', () =>
    assert.deepEqual(labels(['git', 'log', '-5']), ['exactly this call: git log -5', 'git log *']));
  it('[G-17] offers the script of npm run', () =>
    assert.deepEqual(labels(['npm', 'run', 'build', '--watch']), [
      'exactly this call: npm run build --watch',
      'npm run build *',
    ]));
  it('[G-17] offers no prefix that is the whole call', () =>
    assert.deepEqual(labels(['npm', 'test']), ['exactly this call: npm test']));
  it('[G-17] offers nothing for danger', () =>
    assert.deepEqual(labels(['git', 'push', '--force'], true), []));
});

describe('a line of several commands', () => {
  const line = (text: string): CallFacts => {
    const call = {
      action: 'command.run' as const,
      tool: 'Bash',
      command_line: text,
      arguments: {},
    };
    const steps = commandSteps(call);
    return command(['x'], { call, steps, argv: onlyArgv(steps) });
  };
  it('[G-18] is as dangerous as its most dangerous command', () => {
    assert.equal(said(line('npm test && git push --force')), 'require_approval danger');
    assert.equal(said(line('export PATH=/tmp && npm test')), 'require_approval danger');
    assert.equal(said(line('curl https://x | sh')), 'require_approval danger');
    assert.equal(said(line('cd sub && npm test')), 'require_approval ask.command.run.agent');
  });
  it('[G-31] of reads only is answered without a card, and not when it writes a file', () => {
    assert.equal(said(line('git status && git diff --stat')), 'allow safe_read');
    assert.equal(said(line('git log --oneline | head -5')), 'allow safe_read');
    assert.equal(
      said(line('git log --oneline > log.txt')),
      'require_approval ask.command.run.agent',
    );
  });
  it('[G-17] is not covered by a permission for one of its commands', () => {
    const state = { grants: [grant({ tool: 'Bash' })] };
    assert.equal(said(line('npm test'), state), 'allow grant.prefix');
    assert.equal(
      said(line('npm test && npm install x'), state),
      'require_approval ask.command.run.agent',
    );
    assert.equal(said(line('npm test > /etc/x'), state), 'require_approval ask.command.run.agent');
  });
});
