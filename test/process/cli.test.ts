import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { openHost } from '#schema/client/open-host.ts';
import { shipped } from '../fakes/shipped.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

interface Ran {
  status: number | null;
  stdout: string;
  stderr: string;
  /** Every line of stdout, parsed. */
  documents: Record<string, unknown>[];
}

describe('the command line', function () {
  let dataDir: string;
  before(() => (dataDir = temporaryFolder('cli')));
  after(async () => {
    const client = await openHost({ dataDir, role: 'cli' }).catch(() => null);
    await client?.request('host.shutdown', { drain: false });
    await client?.closed;
    rmSync(dataDir, { recursive: true, force: true });
  });

  const hob = (
    args: readonly string[],
    input = '',
    env: NodeJS.ProcessEnv = {},
    folder = dataDir,
  ): Promise<Ran> =>
    new Promise((done) => {
      const child = spawn(process.execPath, [shipped.hob, ...args, '--data-dir', folder], {
        env: { ...process.env, ...env },
      });
      let [stdout, stderr] = ['', ''];
      child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
      child.stdin.end(input);
      child.once('close', (status) => {
        const lines = stdout.split('\n').filter((line) => line !== '');
        const documents = args.includes('--json')
          ? lines.map((line) => JSON.parse(line) as Record<string, unknown>)
          : [];
        done({ status, stdout, stderr, documents });
      });
    });
  const json = async (
    args: readonly string[],
    input?: string,
  ): Promise<Ran & { first: Record<string, unknown> }> => {
    const ran = await hob([...args, '--json'], input);
    return { ...ran, first: ran.documents[0] ?? {} };
  };

  it('[G-40] [A-114] diagnose and verify look without starting a host', async () => {
    const none = await json(['verify']);
    assert.deepEqual(
      [none.status, none.first['error']],
      [
        1,
        {
          code: 'not_found',
          message: `There is no record in ${dataDir}: it holds no events.db.`,
          retryable: false,
        },
      ],
    );
    const first = await json(['diagnose']);
    assert.match(JSON.stringify(first.first), /not running/);
    await json(['call', 'host.ping', '{}']);
    const { status, first: verified } = await json(['verify']);
    assert.deepEqual([status, verified['ok'], verified['problems']], [0, true, []]);
    const second = await json(['diagnose']);
    const checks = (second.first['findings'] as { check: string; ok: boolean }[]).map(
      ({ check }) => check,
    );
    assert.deepEqual(checks.slice(0, 6), [
      'data folder',
      'host',
      'store',
      'gate',
      'scheduler',
      'deciders',
    ]);
    // Nobody is enrolled to decide, which is worth a word and exit status 1.
    assert.deepEqual([second.status, second.first['ok']], [1, false]);
  });

  it('[G-40] call sends any command: payload as argument or on stdin, result as one JSON document', async () => {
    const argument = await json(['call', 'host.ping', '{"echo":"é"}']);
    assert.deepEqual(
      [argument.status, argument.documents.length, argument.first['echo']],
      [0, 1, 'é'],
    );
    const stdin = await json(['call', 'host.ping', '-'], '{"echo":"from stdin"}');
    assert.equal(stdin.first['echo'], 'from stdin');
    const repeated = ['call', 'orb.palette.set', '{"palette":{"idle":"#010203"}}', '--key', 'once'];
    await json(repeated);
    await json(repeated);
    const { first } = await json(['call', 'event.query', '{"event_type":["orb.palette_set"]}']);
    assert.equal((first['events'] as object[]).length, 1);
  });

  it('[G-40] [G-41] with --json stdout has JSON only, also for errors; the exit status says which kind', async () => {
    const cases: [args: string[], status: number, code: string][] = [
      [['call', 'host.nope'], 1, 'unknown_command'],
      [['call', 'event.get', '{"seq":99999}'], 1, 'not_found'],
      [['call', 'event.query', '{"limit":0}'], 1, 'invalid_payload'],
      [
        [
          'call',
          'approval.respond',
          '{"approval_id":"appr_01J00000000000000000000000","call_hash":"HASH","decision":"approve","offer_id":null,"source":"panel","confirmed":false}'.replace(
            'HASH',
            'a'.repeat(64),
          ),
        ],
        3,
        'approval_source_refused',
      ],
      [['call', 'host.ping', '{'], 2, 'usage'],
      [['call'], 2, 'usage'],
      [['nonsense'], 2, 'usage'],
      [['events', '--from-seq', 'x'], 2, 'usage'],
      [['events', '--no-such-option'], 2, 'usage'],
      [['say'], 2, 'usage'],
      [['agent', 'dance'], 2, 'usage'],
      [['approvals', 'no id'], 2, 'usage'],
      // What a command names is not there: one rule for all.
      [['agent', 'revoke', 'nobody'], 1, 'not_found'],
      [['approvals', 'appr_01J00000000000000000000000'], 1, 'not_found'],
      [['grants', 'revoke', 'grant_01J00000000000000000000000'], 1, 'not_found'],
      [['schedule', 'run', 'nothing'], 1, 'not_found'],
      [['schedule', 'restore', 'task_01J00000000000000000000000'], 1, 'not_found'],
      [['server', 'restart', 'nobody'], 1, 'server_unknown'],
      [['secret', 'remove', 'nothing'], 1, 'not_found'],
      [['verify', '--export', 'no-such-file'], 1, 'client_error'],
    ];
    await Promise.all(
      cases.map(async ([args, status, code]) => {
        const ran = await json(args);
        assert.deepEqual(
          [ran.status, (ran.first['error'] as { code: string }).code],
          [status, code],
          `${args.join(' ')}: ${ran.stdout}`,
        );
        assert.equal(ran.documents.length, 1);
        assert.match(ran.stderr, /^hob: /);
      }),
    );
  });

  it('[G-40] helps whoever mistypes: one screen of commands, what was meant, and nothing done by half a command', async () => {
    const said = async (...args: string[]): Promise<string> => {
      const { stdout, stderr, status } = await hob(args);
      return `${status} ${stdout}${stderr}`;
    };
    const overview = await said('--help');
    assert.match(overview, /^0 [^]*hob verify +Checks/);
    for (const line of overview.split('\n')) assert.ok(line.length <= 120, line);
    assert.match(await said('--version'), /^0 hob \d+\.\d+\.\d+\+\w+\n$/);
    assert.equal(await said('help', 'say'), await said('say', '--help'));
    assert.match(await said('--data-dir=elsewhere'), /^2 [^]*hob verify +Checks/);
    for (const [args, answer] of [
      [['verfiy'], /^2 .*Did you mean "hob verify"\?/],
      [['events', '--folow'], /^2 .*no option --folow\. Did you mean "--follow"\?/],
      [['agent', 'lst'], /^2 .*Did you mean "hob agent list"\?/],
      [['agent', 'connect', 'codx'], /^2 .*Did you mean "codex"\? It connects claude-code, /],
      [
        ['--jsn'],
        /^2 hob: There is no option --jsn\. Did you mean "--json"\? hob --help lists them\./,
      ],
      [['call', 'host.pign'], /^1 .*no command "host\.pign"\. Did you mean "host\.ping"\?/],
      [['approvals', 'nope'], /^2 hob: "nope" is no id; hob approvals --all prints them\.$/m],
      [['grants', 'revoke', 'nope'], /^2 hob: "nope" is no id; hob grants --all prints them\.$/m],
      [['schedule', 'restore', 'nope'], /^2 hob: "nope" is no id; hob schedule remove prints them/],
      [['say', '--wav'], /^2 hob: --wav takes a value/],
      [['events', '--from-seq', '-1'], /^2 hob: --from-seq takes a value/],
      [['demo', 'extra'], /^2 .*hob demo takes no "extra"/],
      [['schedule', 'add', 'bananas'], /^1 [^]*says what and when: hob schedule add "/],
    ] as const)
      assert.match(await said(...args), answer);
  });

  it('[G-40] say prints transcript, intent, closest, decision and result; a dry run does nothing', async () => {
    const dry = await json(['say', 'go', 'to', 'line', '42', '--dry-run']);
    assert.deepEqual(
      [dry.status, dry.first['status'], dry.first['transcript']],
      [0, 'dry_run', 'go to line 42'],
    );
    assert.deepEqual((dry.first['intent'] as { name: string; slots: object }).slots, { line: 42 });
    for (const field of ['closest', 'decision', 'result']) assert.ok(field in dry.first, field);
    const unknown = await json(['say', 'make me a sandwich']);
    assert.deepEqual(
      [unknown.status, unknown.first['status'], unknown.first['intent']],
      [1, 'not_understood', null],
    );
    const lonely = await json(['say', 'open settings', '--wait', '1']);
    assert.deepEqual(
      [lonely.status, (lonely.first['error'] as { code: string }).code],
      [1, 'no_editor'],
    );
  });

  it('[F-92] saying "approve" in a terminal decides nothing', async () => {
    const ran = await json(['say', 'approve']);
    assert.equal(ran.status, 3);
    assert.match(ran.stdout, /approval_source_refused/);
  });

  it('[G-41] what waits for a person ends with 4, and approvals shows it', async () => {
    const call = {
      action: 'command.run',
      tool: 'shell',
      argv: ['/bin/true', 'cli-test'],
      cwd: '/',
      arguments: {},
    };
    const asked = await json(['call', 'approval.request', JSON.stringify({ call, wait_ms: 0 })]);
    assert.deepEqual([asked.status, asked.first['decision']], [4, 'pending']);
    const listed = await json(['approvals']);
    const found = listed.documents.find((one) => one['approval_id'] === asked.first['approval_id']);
    assert.equal(found?.['status'], 'pending');
    const one = await json(['approvals', String(asked.first['approval_id'])]);
    assert.equal((one.first['call'] as { tool: string }).tool, 'shell');
    const people = await hob(['approvals']);
    assert.match(people.stdout, new RegExp(String(asked.first['approval_id'])));
  });

  it('[G-40] events prints what happened after a seq, and follows', async () => {
    const all = await json(['events']);
    const seqs = all.documents.map(({ seq }) => Number(seq));
    assert.deepEqual(
      seqs,
      seqs.map((_, at) => at + 1),
    );
    const rest = await json(['events', '--from-seq', '2']);
    assert.equal(rest.first['seq'], 3);
    const follower = spawn(process.execPath, [
      shipped.hob,
      'events',
      '--follow',
      '--from-seq',
      String(seqs.length),
      '--json',
      '--data-dir',
      dataDir,
    ]);
    const line = new Promise<string>((got) =>
      follower.stdout.once('data', (chunk: Buffer) => got(chunk.toString())),
    );
    await json(['call', 'orb.palette.clear']);
    const next = JSON.parse((await line).split('\n')[0] ?? '') as { seq: number };
    assert.equal(next.seq, seqs.length + 1);
    const ended = new Promise((done) => follower.once('close', done));
    follower.kill('SIGINT');
    assert.equal(await ended, 0);
  });

  it('[W-21] [W-22] events are found by words, and what was exported is held against the record', async () => {
    const seqsOf = ({ documents }: Ran): unknown[] => documents.map(({ seq }) => seq);
    const all = await json(['events']);
    const some = await json(['events', '--text', 'ORB palette']);
    assert.ok(some.documents.length > 0 && some.documents.length < all.documents.length);
    assert.ok(some.documents.every((one) => String(one['event_type']).startsWith('orb.')));
    assert.deepEqual(seqsOf(await json(['events', '--text', 'nobody said this'])), []);
    assert.equal((await hob(['events', '--text', 'x', '--follow'])).status, 2);

    const file = join(dataDir, 'exported.jsonl');
    writeFileSync(file, some.stdout);
    const lines = some.documents.length;
    const held = await json(['verify', '--export', file]);
    assert.deepEqual(held.documents[1], {
      export: { ok: true, lines, same: lines, erased: 0, problems: [] },
    });
    assert.equal(held.status, 0);
    // One word of one event, and a line that never was an event.
    const [first, ...others] = some.stdout.trim().split('\n');
    const changed = {
      ...(JSON.parse(first ?? '') as object),
      occurred_at: '2020-01-01T00:00:00.000Z',
    };
    writeFileSync(file, [JSON.stringify(changed), ...others, '{"seq":1}'].join('\n'));
    const forged = await hob(['verify', '--export', file]);
    assert.equal(forged.status, 1);
    assert.match(
      forged.stdout,
      /THE EXPORT IS NOT TRUE[^]*line 1: event \d+ is another one in the record/,
    );
    assert.match(forged.stdout, new RegExp(`line ${lines + 1}: it holds no event`));
    // Without a host it reads the record itself, and starts none.
    const copy = join(dataDir, 'copy');
    mkdirSync(copy);
    for (const name of readdirSync(dataDir).filter((one) => one.startsWith('events.db')))
      copyFileSync(join(dataDir, name), join(copy, name));
    const before = readdirSync(copy);
    const alone = await hob(['verify', '--export', file], '', {}, copy);
    assert.deepEqual(
      [alone.status, alone.stdout.split('\n').slice(1)],
      [1, forged.stdout.split('\n').slice(1)],
    );
    assert.deepEqual(readdirSync(copy), before);
    writeFileSync(file, '\n');
    assert.match((await hob(['verify', '--export', file])).stdout, /PROVES NOTHING: it is empty/);
  });

  it('[G-40] agents are added, listed and revoked; a token is printed once and proves the name', async () => {
    const added = await json(['agent', 'add', 'my-agent']);
    const { token, agent } = added.first as { token: string; agent: { agent_id: string } };
    const client = await openHost({ dataDir, role: 'agent', principalHint: 'somebody', token });
    await client.close();
    const listed = await json(['agent', 'list']);
    assert.equal(
      listed.documents.some((one) => one['agent_id'] === agent.agent_id),
      true,
    );
    assert.doesNotMatch((await json(['events'])).stdout, new RegExp(token));
    assert.equal((await json(['agent', 'revoke', 'my-agent'])).status, 0);
    await assert.rejects(
      openHost({ dataDir, role: 'agent', token }),
      (thrown) => (thrown as { code?: string }).code === 'token_revoked',
    );
  });

  it('[G-40] connecting an agent asks first: without a terminal and --yes nothing is written', async () => {
    const home = temporaryFolder('home');
    try {
      const ran = await hob(['agent', 'connect', 'codex'], '', { HOME: home });
      assert.equal(ran.status, 2);
      assert.match(ran.stdout, /Covered:/);
      assert.match(ran.stderr, /--yes/);
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  });

  it('[G-40] [S-20] schedules are made by the clock or after an event, run, paused and removed', async () => {
    const unasked = await hob(['schedule', 'add', 'every two hours run npm run lint']);
    assert.equal(unasked.status, 2);
    assert.match(unasked.stdout, /Every 2 hours[^]*Next:/);
    const added = await json(['schedule', 'add', 'every two hours run npm run lint', '--yes']);
    assert.deepEqual([added.status, added.first['status']], [0, 'done']);

    const after = ['schedule', 'after', 'notification.shown', 'look', 'again', '--remind', '--yes'];
    const following = await json([...after, '--if', 'title=hello', '--delay', '0']);
    const { task_id: id, trigger } = following.first['task'] as Record<string, unknown>;
    assert.deepEqual(trigger, {
      kind: 'event',
      event_type: 'notification.shown',
      where: { title: 'hello' },
      delay_seconds: 0,
    });
    const unknown = await hob(['schedule', 'after', 'notification.show', 'x', '--remind', '--yes']);
    assert.deepEqual([unknown.status, /notification\.shown/.test(unknown.stderr)], [1, true]);
    const senseless = await hob(['schedule', 'after', 'notification.shown', 'gibberish', 'blah']);
    assert.equal(senseless.status, 1);

    assert.equal((await hob(['schedule', 'run', String(id)])).status, 0);
    let slots: Record<string, unknown>[] = [];
    while (slots[0]?.['status'] !== 'succeeded')
      slots = (await json(['schedule', 'history', 'look again'])).documents;
    for (const verb of ['pause', 'resume', 'remove'])
      assert.equal((await hob(['schedule', verb, 'look again'])).status, 0, verb);
    const names = (await json(['schedule', 'list'])).documents.map(({ name }) => name);
    assert.equal(names.includes('look again'), false);
    assert.equal(names.length, 5);
    assert.equal(names[0], 'npm run lint', 'what a person made comes before the upkeep');
    const { stdout: text } = await hob(['schedule', 'list']);
    assert.match(
      text,
      /^task_\S+ +npm run lint [^\n]*\n\nUpkeep of Hob itself:\n(?:task_.*\n){4}$/,
    );
  });

  it('[G-40] a hook denies when nothing on stdin can be understood', async () => {
    const ran = await hob(['hook', 'codex'], 'not json');
    assert.match(ran.stdout + ran.stderr, /deny|stopped/);
  });

  it('[G-40] every command has help, and none is needed to read it', async function () {
    const overview = await hob(['--help']);
    assert.equal(overview.status, 0);
    const names = [...overview.stdout.matchAll(/^ {2}hob ([a-z]+)/gm)].map(
      ([, name]) => name ?? '',
    );
    assert.ok(names.length >= 11);
    for (const name of names) assert.equal((await hob([name, '--help'])).status, 0, name);
    assert.equal((await hob([])).status, 2);
  });
});
