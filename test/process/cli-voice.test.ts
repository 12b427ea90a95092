// Sound files on the command line, through the programs as they ship and their real ears.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { openHost } from '#schema/client/open-host.ts';
import type { CommandResult } from '#schema/commands/registry.ts';
import type { TurnMoment } from '#schema/views/turn.ts';
import { shipped } from '../fakes/shipped.ts';
import { padded, recorded, rendered, wavOf } from '../fakes/speech-samples.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

interface Ran {
  status: number;
  json: Record<string, unknown>;
}

describe('sound files on the command line', function () {
  let dataDir: string;
  let order: string;
  before(() => {
    dataDir = temporaryFolder('cli-voice');
    order = join(dataDir, 'order.wav');
    writeFileSync(order, wavOf(padded(recorded('git-status'))));
  });
  after(async () => {
    const client = await openHost({ dataDir, role: 'cli' }).catch(() => null);
    await client?.request('host.shutdown', { drain: false });
    await client?.closed;
    rmSync(dataDir, { recursive: true, force: true });
  });

  const hob = (...args: string[]): Promise<Ran> =>
    new Promise((done) => {
      const all = [shipped.hob, ...args, '--json', '--data-dir', dataDir];
      const child = execFile(process.execPath, all, (_failure, stdout) => {
        const json = JSON.parse(stdout) as Record<string, unknown>;
        done({ status: child.exitCode ?? -1, json });
      });
    });
  const headSeq = async (): Promise<unknown> =>
    ((await hob('call', 'event.query', '{"limit":1}')).json as CommandResult<'event.query'>)
      .head_seq;

  it('[V-79] replay: same file in, same steps out, and nothing is done or stored', async () => {
    const first = await hob('replay', order);
    const before = await headSeq();
    const moments = first.json['moments'] as TurnMoment[];
    assert.equal(first.status, 0);
    assert.equal(moments.find(({ kind }) => kind === 'final')?.text, 'show me the git status');
    assert.deepEqual(
      [...new Set(moments.map(({ kind }) => kind))].filter((kind) => kind !== 'partial'),
      ['microphone', 'speech', 'state', 'final', 'intent', 'decision', 'answer'],
    );
    // As fast as it can be heard, in whatever order threads get their turn.
    for (const again of await Promise.all([hob('replay', order), hob('replay', order)]))
      assert.deepEqual(again.json, first.json);
    assert.equal(await headSeq(), before);
  });

  it('[V-62] say --wav acts like a typed sentence', async () => {
    const { status, json } = await hob('say', '--wav', order, '--dry-run');
    assert.deepEqual([status, json['transcript']], [0, 'show me the git status']);
  });

  it('[V-16] say --wav approve.wav decides nothing', async () => {
    const file = join(dataDir, 'approve.wav');
    writeFileSync(file, wavOf(padded(await rendered('approve'))));
    const { status, json } = await hob('say', '--wav', file);
    const { code } = json['error'] as { code: string };
    assert.deepEqual([status, code], [3, 'approval_source_refused']);
  });

  it('[V-18] says what is wrong with a file', async () => {
    const { status, json } = await hob('replay', join(dataDir, 'none.wav'));
    const { code, message } = json['error'] as { code: string; message: string };
    assert.deepEqual([status, code, message], [1, 'audio_unreadable', 'There is no such file.']);
  });
});
