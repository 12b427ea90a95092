import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostClient } from '#schema/client/host-client.ts';
import { openHost, openMcp } from '#schema/client/open-host.ts';
import type { HostProgram } from '#schema/client/spawn-host.ts';
import type { ApprovalView } from '#schema/views/approval.ts';
import { cardLines, eventLine } from './card.ts';
import { enrolDemoDecider } from './decider.ts';
import { DemoAgent } from './demo-agent.ts';

export type DemoAnswer = 'approve' | 'deny';

export interface DemoOptions {
  program: HostProgram;
  print(line: string): void;
  /** Asks the person; `null` when nobody is there to ask. */
  ask: ((question: string) => Promise<string>) | null;
  /** What is answered when nobody is asked. */
  answer: DemoAnswer;
}

const WORKSPACE = 'ws_demo';

/**
 * The whole loop in a terminal: a host of its own, an agent that asks over MCP, a person who answers,
 * the effect, the record and its proof. Nothing in it is simulated; everything is removed afterwards.
 * Returns the exit status.
 */
export async function runDemo(options: DemoOptions): Promise<number> {
  const { print, program } = options;
  const folder = mkdtempSync(join(tmpdir(), 'hob-demo-'));
  const dataDir = join(folder, 'data');
  const workspace = join(folder, 'workspace');
  mkdirSync(dataDir, { mode: 0o700 });
  mkdirSync(workspace);
  writeFileSync(join(workspace, 'notes.txt'), 'one line\nanother line\n');
  let editor: HostClient | null = null;
  try {
    print(
      'Starting a host on a folder of its own. Your own host, editor and agents are not touched.',
    );
    editor = await openHost({ dataDir, program, role: 'extension' });
    const decider = await enrolDemoDecider(editor);
    print('This terminal is a decider for that host, with a key that is thrown away at the end.');
    await editor.request('client.context_set', contextOf(workspace), { workspaceId: WORKSPACE });

    const channel = await openMcp({ dataDir, role: 'agent', principalHint: 'demo-agent' });
    const agent = new DemoAgent(channel);
    await agent.initialize();
    print('\nAn agent connected over MCP and calls run_command …\n');
    const asked = agent.callTool('run_command', {
      argv: ['sort', '-r', 'notes.txt', '-o', 'sorted.txt'],
      cwd: workspace,
      task: 'sort the notes',
    });
    const card = await nextCard(editor);
    for (const line of cardLines(card)) print(line);
    const decision = await decide(options);
    await decider.respond(card, decision, card.danger);
    const result = await asked;
    print(
      `\nThe agent was told: ${JSON.stringify({ status: result['status'], reason: result['reason'] })}`,
    );
    await channel.close();
    print(`On disk: ${readdirSync(workspace).join(', ')}`);
    await showRecord(editor, print);
    return 0;
  } finally {
    await editor?.request('host.shutdown', { drain: false, reason: 'demo over' }).catch(() => {});
    await editor?.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

const contextOf = (workspace: string) => ({
  window_id: 'terminal',
  focused: true,
  trusted: true,
  workspace_name: 'demo',
  folders: [workspace],
  tasks: [],
  commands: [],
  capabilities: [],
  remote_name: null,
  panel_visible: true,
});

async function nextCard(editor: HostClient): Promise<ApprovalView> {
  const waiting = async (): Promise<ApprovalView | undefined> =>
    (await editor.request('approval.list', {})).approvals[0];
  let come = (): void => {};
  const requested = new Promise<void>((resolve) => (come = resolve));
  const stop = editor.onEvent(({ payload }) => {
    if (payload['event_type'] === 'approval.requested') come();
  });
  await editor.subscribe({ events: ['event.appended'] });
  let card = await waiting();
  if (card === undefined) {
    await requested;
    card = await waiting();
  }
  stop();
  if (card === undefined) throw new Error('the agent asked nothing');
  return card;
}

async function decide({ ask, answer, print }: DemoOptions): Promise<DemoAnswer> {
  if (ask === null) {
    print(`\nNobody is at this terminal, so it answers by itself, as told: ${answer}.`);
    return answer;
  }
  for (;;) {
    const said = (await ask('\n[a]pprove or [d]eny? ')).trim().toLowerCase();
    if (said === 'a' || said === 'approve') return 'approve';
    if (said === 'd' || said === 'deny') return 'deny';
    print('Type a or d. Nothing happens until you do.');
  }
}

async function showRecord(editor: HostClient, print: (line: string) => void): Promise<void> {
  print('\nWhat happened, from the record:');
  const { events } = await editor.request('event.query', { limit: 200 });
  for (const event of events) print(eventLine(event));
  const proof = await editor.request('audit.verify', {});
  const verdict = proof.ok ? 'verifies' : 'DOES NOT VERIFY';
  print(
    `\nThe record ${verdict}: ${proof.events} events in an unbroken chain, ${proof.decisions} signed decision.`,
  );
}
