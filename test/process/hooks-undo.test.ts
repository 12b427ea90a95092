// What connecting an agent writes is taken back byte for byte, for every agent that can be connected, on real
// files as people have them: with comments, odd indentation, other line ends, behind a symlink, read-only.
import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { hookedAgents, type HookedAgent } from '#schema/views/hooked-agents.ts';
import type { AgentConnector } from '#host/agents/connect/service.ts';
import { HobError } from '#host/kernel/errors.ts';
import { agentConnector } from '../fakes/agent-connector.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

/** Files as people have them. Everything in them is somebody else's. */
const json: Readonly<Record<string, string>> = {
  'comments and odd indentation':
    '// mine\n{\n     "theme" : "dark", /* keep */\n   "mcpServers": {\n         "mine": { "command": "x" }, // trailing\n   },\n}\n',
  'Windows line ends': '{\r\n  "theme": "dark",\r\n  "mcpServers": {}\r\n}\r\n',
  'no last line break': '{ "theme": "dark" }',
  tabs: '{\n\t"mcpServers": {\n\t\t"mine": {\n\t\t\t"command": "x"\n\t\t}\n\t}\n}\n\n\n',
  'a byte order mark': '\ufeff{"theme":"dark"}\n',
  'hooks of its own':
    '{"hooks":{"PreToolUse":[{"matcher":"Bash","hooks":[]}],"BeforeTool":[{"x":1}],"preToolUse":[{"command":"mine"}],"Stop":[]}}\n',
  'nothing in it': '',
};
const toml: Readonly<Record<string, string>> = {
  'comments and odd indentation':
    '# mine\n   model = "x"   # keep\n\n[a.b]\n      c = [ 1,\n  2 ]\n',
  'Windows line ends': 'model = "x"\r\n\r\n[a]\r\nb = 1\r\n',
  'no last line break': 'model = "x"',
  tabs: '[a]\n\tb = 1\n\n\n',
  'a byte order mark': '\ufeffmodel = "x"\n',
  'hooks of its own':
    '[[hooks.PreToolUse]]\nmatcher = "x"\n[[hooks.PreToolUse.hooks]]\ntype = "command"\ncommand = "mine"\n',
  'nothing in it': '',
};

/** Where connecting asks for a file that is Hob's alone; there nothing of others can be kept but the whole. */
const isOwn = (path: string): boolean =>
  basename(path) === 'PreToolUse' || path.includes('/hob/') || basename(path) === 'hob.json';
const isShared = (path: string): boolean => !isOwn(path);

/** The user that files have to be guarded against: root may write everywhere. */
function asNobody<T>(act: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0 || process.seteuid === undefined) return act();
  process.seteuid(65_534);
  return act().finally(() => process.seteuid?.(0));
}

describe('what connecting an agent wrote is taken back', () => {
  let root: string;
  let connector: AgentConnector;

  beforeEach(() => {
    root = temporaryFolder('undo');
    connector = agentConnector(root);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const connect = async (agent: HookedAgent, undo = false): Promise<void> => {
    const { plan_hash } = await connector.plan(agent, { undo });
    await connector.apply(agent, { undo, plan_hash });
  };
  const pathsOf = async (agent: HookedAgent): Promise<string[]> =>
    (await connector.plan(agent)).files.map(({ path }) => path);
  const put = (path: string, text: string, mode = 0o640): void => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    chmodSync(path, mode);
  };
  /** Every shape is one that the agent's own format allows. */
  const shapesOf = (path: string): Readonly<Record<string, string>> =>
    path.endsWith('.toml') ? toml : json;
  const read = (path: string): string => readFileSync(path, 'utf8');
  const code = (wanted: string) => (failure: unknown) =>
    failure instanceof HobError && failure.code === wanted;

  for (const agent of hookedAgents) {
    describe(agent, () => {
      it('[G-33] makes its files and leaves none of them', async () => {
        const paths = await pathsOf(agent);
        await connect(agent);
        assert.deepEqual(
          paths.filter((path) => !existsSync(path)),
          [],
        );
        await connect(agent, true);
        assert.deepEqual(paths.filter(existsSync), []);
        assert.equal(existsSync(join(root, 'home')), false, 'folders that connecting made stay');
      });

      it('[G-33] a folder that it made stays where something else is in it by now', async () => {
        const [path = ''] = await pathsOf(agent);
        await connect(agent);
        const mine = join(dirname(path), 'mine.txt');
        writeFileSync(mine, 'x');
        await connect(agent, true);
        assert.equal(read(mine), 'x');
      });

      for (const shape of Object.keys(json))
        it(`[G-33] ${shape}: the very bytes come back`, async () => {
          // Cline has one place for one script: somebody else's there is refused, not replaced.
          const paths = (await pathsOf(agent)).filter((path) => basename(path) !== 'PreToolUse');
          const before = paths.map((path) => shapesOf(path)[shape] ?? '');
          for (const [at, path] of paths.entries()) put(path, before[at] ?? '');
          await connect(agent);
          for (const [at, path] of paths.entries()) assert.notEqual(read(path), before[at]);
          const { gated, hook_present } = await connector.coverage(agent);
          // Codex runs no hook that nobody has trusted.
          assert.deepEqual([gated, hook_present], [agent !== 'codex', true]);
          await connect(agent, true);
          for (const [at, path] of paths.entries()) {
            assert.equal(read(path), before[at]);
            assert.equal(statSync(path).mode & 0o777, 0o640);
          }
        });

      it('[G-33] a symlink and a read-only file stay what they are', async () => {
        const paths = (await pathsOf(agent)).filter(isShared);
        for (const path of paths) {
          const real = join(root, 'dotfiles', basename(path));
          put(real, shapesOf(path)['no last line break'] ?? '', 0o440);
          mkdirSync(dirname(path), { recursive: true });
          symlinkSync(real, path);
        }
        await connect(agent);
        await connect(agent, true);
        for (const path of paths) {
          assert.ok(lstatSync(path).isSymbolicLink());
          assert.equal(read(path), shapesOf(path)['no last line break']);
          assert.equal(statSync(path).mode & 0o777, 0o440);
        }
      });

      it("[G-33] a file that was changed since keeps the change and loses Hob's part; where that cannot be told, nothing is touched", async () => {
        const paths = await pathsOf(agent);
        await connect(agent);
        const changed = (path: string): string =>
          path.endsWith('.toml')
            ? `[added]\nlater = true\n\n${read(path)}`
            : read(path).replace('{', '{\n  // added later\n  "later": true,');
        for (const path of paths) writeFileSync(path, changed(path));
        if (paths.some(isOwn)) {
          const texts = paths.map(read);
          await assert.rejects(connector.plan(agent, { undo: true }), (failure: unknown) => {
            assert.ok(code('agent_config_changed')(failure));
            assert.match((failure as HobError).message, /Take it out by hand/);
            return true;
          });
          assert.deepEqual(paths.map(read), texts);
        } else {
          const plan = await connector.plan(agent, { undo: true });
          assert.match(plan.notes.join(), /only the part of Hob is taken out, your changes stay/);
          await connector.apply(agent, { undo: true, plan_hash: plan.plan_hash });
          for (const path of paths) {
            assert.match(read(path), /later/);
            assert.doesNotMatch(read(path), /hob/i);
          }
        }
      });

      it('[G-34] what is taken out behind its back is said by name, whichever file it was in', async () => {
        const paths = await pathsOf(agent);
        await connect(agent);
        for (const path of paths) {
          const text = read(path);
          rmSync(path);
          const { gated, hook_present, server_present, ...lists } = await connector.coverage(agent);
          const words = lists.not_covered.join();
          const isServers = /mcp|\.claude\.json$/.test(path);
          // Without its server the agent cannot use the tools of Hob; its own still ask.
          assert.deepEqual([gated, hook_present], [isServers, isServers], path);
          assert.equal(/the hook of Hob is not in its file/.test(words), !isServers, path);
          if (isServers) assert.match(words, /Hob's MCP server is not in its file/);
          if (isServers) assert.equal(server_present, false);
          assert.ok(!lists.covered.includes("Hob's tools over MCP"), path);
          writeFileSync(path, text);
          const back = await connector.coverage(agent);
          assert.deepEqual([back.hook_present, back.server_present], [true, true]);
        }
      });

      it('[G-33] a place that cannot be written is refused in words; what was written by then is taken back', async () => {
        chmodSync(root, 0o777);
        await asNobody(async () => {
          const paths = await pathsOf(agent);
          const last = paths.at(-1) ?? '';
          for (const path of paths) mkdirSync(dirname(path), { recursive: true });
          chmodSync(dirname(last), 0o500);
          const writable = paths.filter((path) => dirname(path) !== dirname(last));
          await assert.rejects(connect(agent), (failure: unknown) => {
            assert.ok(code('agent_config_invalid')(failure), String(failure));
            assert.match((failure as HobError).message, /cannot be written/);
            return true;
          });
          chmodSync(dirname(last), 0o700);
          if (writable.length > 0) await connect(agent, true);
          assert.deepEqual(paths.filter(existsSync), []);
        });
      });
    });
  }

  it('[G-33] Cline: the script of somebody else is left alone, and nothing else is written', async () => {
    const [script = '', ...others] = await pathsOf('cline');
    put(script, '#!/bin/sh\necho mine\n', 0o755);
    await assert.rejects(connector.plan('cline'), code('agent_config_invalid'));
    assert.equal(read(script), '#!/bin/sh\necho mine\n');
    assert.deepEqual(others.filter(existsSync), []);
  });
});
