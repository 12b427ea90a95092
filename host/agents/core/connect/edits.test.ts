import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { parse as parseToml } from 'smol-toml';
import type { JsonObject } from '#schema/envelope/json.ts';
import { agentSpecs } from './agents.ts';
import type { ConfigEdit } from './edit.ts';
import { hookCommand, isHookCommand, type Launch } from './launch.ts';
import { lineDiff } from '#host/kernel/line-diff.ts';

const launch: Launch = {
  node: "/opt/it's here/node",
  hook: ['/home/ana/my "tools"/hob.js', 'hook'],
  mcp: ['/home/ana/my "tools"/hob.js', 'mcp'],
  options: [],
  windows: false,
};
const places = {
  home: '/home/ana',
  configDir: '/home/ana/.x',
  join: (...parts: readonly string[]) => parts.join('/'),
};
const editsOf = (agent: keyof typeof agentSpecs, at: Launch = launch): ConfigEdit[] => [
  ...agentSpecs[agent].edits(at, places),
];
const added = (edit: ConfigEdit, before: string | null): string => {
  const result = edit.add(before);
  assert.ok(result.ok, result.ok ? '' : result.why);
  return result.text;
};
const why = (edit: ConfigEdit, before: string): string => {
  const result = edit.add(before);
  return result.ok ? '' : result.why;
};

const [codex] = editsOf('codex') as [ConfigEdit];
const [claudeHooks, claudeServers] = editsOf('claude-code') as [ConfigEdit, ConfigEdit];
const [vscode] = editsOf('vscode') as [ConfigEdit];

describe('the edit of config.toml (Codex)', () => {
  const texts: readonly (readonly [string, string | null])[] = [
    ['no file', null],
    ['an empty file', ''],
    ['settings', 'model = "x"  # mine\n\n[a.b]\nc = 1\n'],
    ['no last line break', 'model = "x"'],
    ['Windows line ends', 'model = "x"\r\n[a]\r\nb = 1\r\n'],
    ['a byte order mark', '\ufeffmodel = "x"\n'],
    [
      'hooks of its own',
      '[[hooks.PreToolUse]]\nmatcher = "x"\n[[hooks.PreToolUse.hooks]]\ntype = "command"\ncommand = "mine"\n',
    ],
    [
      'trust that Codex keeps',
      '[hooks.state]\n[hooks.state."/a:pre_tool_use:0:0"]\ntrusted_hash = "sha256:1"\n',
    ],
    ['several empty lines at the end', 'a = 1\n\n\n'],
  ];
  for (const [what, before] of texts) {
    it(`[G-33] leaves every byte of ${what} as it was, both ways`, () => {
      const after = added(codex, before);
      assert.ok(after.startsWith(before ?? ''));
      assert.deepEqual(codex.gone(after), []);
      assert.equal(added(codex, after), after, 'applying twice changes nothing');
      const left = codex.remove(after);
      // Without a last line break before, one is left: the exact bytes come from the undo record.
      assert.equal(left?.replace(/\r?\n$/, ''), (before ?? '').replace(/\r?\n$/, ''));
    });
  }

  it('[G-33] says what Codex must read, and reads back as that', () => {
    const config = parseToml(added(codex, 'model = "x"\n')) as JsonObject;
    const group = [
      {
        matcher: '.*',
        hooks: [{ type: 'command', command: hookCommand(launch, 'codex'), timeout: 600 }],
      },
    ];
    assert.deepEqual(JSON.parse(JSON.stringify(config)), {
      model: 'x',
      mcp_servers: {
        hob: {
          command: launch.node,
          args: [...launch.mcp, '--as', 'codex'],
          startup_timeout_sec: 30,
          tool_timeout_sec: 600,
          default_tools_approval_mode: 'approve',
        },
      },
      hooks: { PreToolUse: group, PermissionRequest: group },
    });
  });

  it("keeps the numbers of the user's hooks: Hob's come after them", () => {
    const config = parseToml(added(codex, texts[6]?.[1] ?? '')) as {
      hooks: { PreToolUse: { matcher: string }[] };
    };
    assert.deepEqual(
      config.hooks.PreToolUse.map(({ matcher }) => matcher),
      ['x', '.*'],
    );
  });

  it('[G-33] takes only its block out when Codex wrote around it', () => {
    const after = added(codex, 'a = 1\n');
    const grown = `b = 2\n${after}\n[hooks.state]\n\n[hooks.state."x"]\ntrusted_hash = "sha256:1"\n`;
    assert.equal(
      codex.remove(grown),
      'b = 2\na = 1\n\n[hooks.state]\n\n[hooks.state."x"]\ntrusted_hash = "sha256:1"\n',
    );
  });

  it('[G-34] knows from the file whether Codex runs the hooks', () => {
    const mine =
      '[[hooks.PreToolUse]]\nmatcher = "x"\n[[hooks.PreToolUse.hooks]]\ntype = "command"\ncommand = "mine"\n';
    const after = added(codex, mine);
    const trust = (event: string, group: number, more = '') =>
      `[hooks.state."/c.toml:${event}:${group}:0"]\ntrusted_hash = "sha256:1"\n${more}`;
    const both = trust('pre_tool_use', 1) + trust('permission_request', 0);
    const skipped = (text: string) => codex.skipped?.(text) ?? null;
    assert.equal(skipped(after + both), null);
    assert.match(skipped(after) ?? '', /trust/);
    assert.match(skipped(after + trust('pre_tool_use', 1)) ?? '', /trust/);
    assert.match(
      skipped(after + trust('pre_tool_use', 0) + trust('permission_request', 0)) ?? '',
      /trust/,
      'that is the hook of somebody else',
    );
    assert.match(
      skipped(
        after + trust('pre_tool_use', 1, 'enabled = false\n') + trust('permission_request', 0),
      ) ?? '',
      /trust/,
    );
  });

  it('replaces its block when Hob moved', () => {
    const [moved] = editsOf('codex', { ...launch, node: '/new/node' }) as [ConfigEdit];
    const after = added(codex, 'a = 1\n');
    assert.notDeepEqual(moved.gone(after), []);
    assert.equal(moved.remove(added(moved, after)), 'a = 1\n');
  });

  for (const [what, before] of [
    ['broken TOML', 'a = '],
    ['another server called hob', '[mcp_servers.hob]\ncommand = "x"\n'],
    ['hooks as a plain list', 'hooks = { PreToolUse = [] }\n'],
  ] as const) {
    it(`[G-33] refuses ${what}`, () => assert.notEqual(why(codex, before), ''));
  }

  it('cannot take out a block that somebody cut in two', () => {
    assert.equal(codex.remove('a = 1\n'), null);
    assert.equal(codex.remove(added(codex, null).replace('timeout = 600', 'timeout =')), null);
  });

  it('[G-34] says which part of it was taken out', () => {
    const added = codex.add('model = "x"\n');
    const text = added.ok ? added.text : '';
    const without = (from: string, to: string): string =>
      text.slice(0, text.indexOf(from)) + text.slice(text.indexOf(to));
    assert.deepEqual(codex.gone(without('[mcp_servers.hob]', '[[hooks.PreToolUse]]')), ['server']);
    assert.deepEqual(codex.gone(text.slice(0, text.indexOf('[[hooks.PreToolUse]]'))), ['hook']);
    assert.deepEqual(codex.gone('model = "x"\n'), ['hook', 'server']);
    assert.deepEqual(codex.gone('model = '), ['hook', 'server']);
  });
});

describe('the edits of Claude Code', () => {
  const settings =
    '{\n    "model": "opus", // mine\n    "hooks": {\n        "PreToolUse": [{ "matcher": "Bash", "hooks": [] }]\n    }\n}\n';

  for (const [what, before] of [
    ['no file', null],
    ['an empty object', '{}\n'],
    ['settings with a comment', settings],
    ['tabs', '{\n\t"a": 1\n}\n'],
    ['Windows line ends', '{\r\n  "a": 1\r\n}\r\n'],
    ['other events', '{\n  "hooks": {\n    "Stop": []\n  }\n}\n'],
  ] as const) {
    for (const [name, edit] of [
      ['settings.json', claudeHooks],
      ['.claude.json', claudeServers],
    ] as const) {
      it(`[G-33] adds to ${name} with ${what}, and takes out again`, () => {
        const after = added(edit, before);
        assert.deepEqual(edit.gone(after), []);
        assert.equal(added(edit, after), after);
        const left = edit.remove(after);
        assert.notDeepEqual(edit.gone(left), []);
        assert.deepEqual(values(left), values(before ?? '{}'));
        for (const line of (before ?? '').split(/\r?\n/).filter((text) => text.includes('//')))
          assert.ok(after.includes(line.trim()));
      });
    }
  }

  it('[G-33] writes the documented entry: every tool, 600 s, blocked on failure', () => {
    const { hooks } = JSON.parse(added(claudeHooks, null)) as { hooks: JsonObject };
    assert.deepEqual(hooks, {
      PreToolUse: [
        {
          matcher: '*',
          hooks: [
            {
              type: 'command',
              command: hookCommand(launch, 'claude-code'),
              timeout: 600,
              onFailure: 'block',
            },
          ],
        },
      ],
    });
  });

  for (const [what, before] of [
    ['a list', '[]'],
    ['broken JSON', '{'],
    ['hooks that are a text', '{"hooks":"x"}'],
    ['an event that is no list', '{"hooks":{"PreToolUse":{}}}'],
  ] as const) {
    it(`[G-33] refuses ${what}`, () => assert.notEqual(why(claudeHooks, before), ''));
  }
  it('[G-34] sees that all hooks are switched off', () => {
    const after = added(claudeHooks, '{ "disableAllHooks": true }');
    assert.match(claudeHooks.skipped?.(after) ?? '', /disableAllHooks/);
    assert.equal(claudeHooks.skipped?.(added(claudeHooks, null)), null);
  });
  it('[G-33] refuses another server called hob', () => {
    assert.notEqual(why(claudeServers, '{"mcpServers":{"hob":{"command":"other"}}}'), '');
  });
});

describe('the file of VS Code', () => {
  it('[G-33] is one that both of its harnesses read', () => {
    const text = added(vscode, null);
    assert.deepEqual(JSON.parse(text), {
      version: 1,
      hooks: {
        PreToolUse: [{ type: 'command', command: hookCommand(launch, 'vscode'), timeout: 600 }],
      },
    });
    assert.deepEqual(vscode.gone(text), []);
    assert.notDeepEqual(vscode.gone(text.replace('600', '1')), []);
  });
});

describe('the edits of the other agents', () => {
  const foreign =
    '{\n  // mine\n  "theme": "dark",\n  "mcpServers": { "x": { "command": "y" } }\n}\n';
  const cases = [
    ['copilot-cli', ['settings.json', 'mcp-config.json'], { timeoutSec: 600 }],
    ['cursor', ['hooks.json', 'mcp.json'], { timeout: 600, failClosed: true }],
    ['gemini', ['settings.json'], { timeout: 600_000 }],
    ['goose', ['plugin.json', 'hooks/hooks.json'], { timeout: 600, on_failure: 'block' }],
  ] as const;

  for (const [agent, names, limits] of cases) {
    it(`[G-33] ${agent}: writes its hook and its server where they belong, with every time limit said`, () => {
      const edits = editsOf(agent);
      assert.deepEqual(
        edits.map(({ path }) =>
          path
            .split('/')
            .slice(agent === 'goose' ? 6 : 4)
            .join('/'),
        ),
        names,
      );
      const text = edits.map((edit) => added(edit, null)).join('\n');
      for (const [name, value] of Object.entries(limits))
        assert.ok(text.includes(`"${name}": ${JSON.stringify(value)}`), `${name} in ${text}`);
      assert.ok(text.includes(JSON.stringify(hookCommand(launch, agent))));
      for (const edit of edits) {
        const after = added(edit, null);
        assert.deepEqual(edit.gone(after), []);
        assert.equal(added(edit, after), after, 'applying twice changes nothing');
      }
    });
  }

  for (const agent of ['copilot-cli', 'cursor', 'gemini'] as const) {
    it(`[G-33] ${agent}: leaves what is not Hob's, both ways`, () => {
      for (const edit of editsOf(agent)) {
        const after = added(edit, foreign);
        assert.ok(after.includes('// mine'));
        const left = edit.remove(after);
        assert.notDeepEqual(edit.gone(left), []);
        const { version: _added, ...rest } = values(left) as JsonObject;
        assert.deepEqual(rest, values(foreign));
      }
    });
    it(`[G-33] ${agent}: refuses another server called hob`, () => {
      const servers = editsOf(agent).at(-1) as ConfigEdit;
      assert.notEqual(why(servers, '{"mcpServers":{"hob":{"command":"other"}}}'), '');
    });
  }

  it('[G-34] sees that Gemini CLI was told to run no hooks, or not this one', () => {
    const [gemini] = editsOf('gemini') as [ConfigEdit];
    const skipped = (config: string) =>
      gemini.skipped?.(added(gemini, `{ "hooksConfig": ${config} }`)) ?? null;
    assert.match(skipped('{ "enabled": false }') ?? '', /hooksConfig/);
    assert.match(skipped('{ "disabled": ["hob"] }') ?? '', /hooksConfig/);
    assert.equal(skipped('{ "disabled": ["other"] }'), null);
  });

  it('[G-33] Cline gets a script of its own, and no script of the user is overwritten', () => {
    const [script] = editsOf('cline') as [ConfigEdit];
    const text = added(script, null);
    assert.equal(script.mode, 0o700);
    assert.ok(text.startsWith('#!/bin/sh\n'));
    assert.equal(added(script, text.replace('hob.js', 'old/hob.js')), text, 'its own is renewed');
    assert.match(why(script, '#!/bin/sh\necho mine\n'), /another hook/);
    const [onWindows] = editsOf('cline', { ...launch, windows: true }) as [ConfigEdit];
    const result = onWindows.add(null);
    assert.equal(result.ok, false);
  });
});

describe('the hook command', () => {
  it('is recognised again for its agent, and only for that', () => {
    assert.equal(isHookCommand(hookCommand(launch, 'codex'), 'codex'), true);
    assert.equal(isHookCommand(hookCommand(launch, 'codex'), 'vscode'), false);
    assert.equal(isHookCommand('npx prettier --write .', 'codex'), false);
  });
  it('passes --data-dir on', () => {
    assert.match(
      hookCommand({ ...launch, options: ['--data-dir', '/d d'] }, 'codex'),
      / codex --data-dir '\/d d'$/,
    );
  });
});

describe('inside desktop VS Code, whose executable is Electron', () => {
  const electron: Launch = { ...launch, env: { ELECTRON_RUN_AS_NODE: '1' } };

  it('hook and server are told to be Node', () => {
    assert.match(
      hookCommand(electron, 'codex'),
      /hob-hook \/usr\/bin\/env ELECTRON_RUN_AS_NODE=1 /,
    );
    const [edit] = editsOf('codex', electron) as [ConfigEdit];
    const config = parseToml(added(edit, null)) as { mcp_servers: { hob: { env: object } } };
    assert.deepEqual({ ...config.mcp_servers.hob.env }, electron.env);
    const [, servers] = editsOf('claude-code', electron) as [ConfigEdit, ConfigEdit];
    assert.match(added(servers, null), /"ELECTRON_RUN_AS_NODE": "1"/);
  });
});

describe('the diff', () => {
  it('shows what changes with three lines around it', () => {
    const before = 'a\nb\nc\nd\ne\nf\ng\nh\n';
    assert.equal(
      lineDiff('x', before, before.replace('e\n', 'E\nE2\n')),
      '--- x\n+++ x\n@@ -2,7 +2,8 @@\n b\n c\n d\n-e\n+E\n+E2\n f\n g\n h\n',
    );
  });
  it('shows a new file and a removed one', () => {
    assert.equal(lineDiff('x', null, 'a\n'), '--- /dev/null\n+++ x\n@@ -0,0 +1,1 @@\n+a\n');
    assert.equal(lineDiff('x', 'a\n', null), '--- x\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-a\n');
  });
  it('is empty when nothing differs', () => assert.equal(lineDiff('x', 'a', 'a'), ''));
});

/** What a settings file says, comments aside. */
const values = (text: string | null): unknown =>
  JSON.parse((text ?? '{}').replace(/\/\/.*$/gm, ''));
