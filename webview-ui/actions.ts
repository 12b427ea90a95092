import type { InstallLink } from '#schema/views/agent.ts';
import type { JsonObject } from '#schema/envelope/json.ts';
import type { WireError } from '#schema/envelope/errors.ts';
import type { ApprovalView, DecisionKind } from '#schema/views/approval.ts';
import type { PanelCommand, TalkAct } from '#schema/views/bridge.ts';
import { blockedWords, type Verdict } from './guard/act-guard.ts';
import { wireOf, type Link } from './link/link.ts';
import { ScheduleActions } from './schedule/schedule-actions.ts';
import { DENY_ALL, revokeControl } from './state/model.ts';
import { canDecide, pendingOnes, suggestion } from './state/select.ts';
import type { Dispatch, Store } from './state/store.ts';
import type { Devices } from './state/voice.ts';
import type { ActedBy, PanelActions } from './views/context.ts';
import { beginning } from './words/call.ts';
import { failureText } from './words/failure.ts';

export interface ActionPorts {
  readonly store: Store;
  readonly link: Link;
  /** Whether an act on this control counts now. */
  judge(control: string, by: ActedBy): Verdict;
  /** Reads the events before the oldest one on show. */
  readOlder(): Promise<void>;
  /** Reads what is unfolded of a schedule. */
  readTask(taskId: string): Promise<void>;
  after(ms: number, run: () => void): () => void;
  /** Puts the keyboard where it goes on, once that is drawn. */
  focus(selector: string): void;
}

/** What is pressed for a decision. Hold and Release take turns in one place. */
const controlOf = (id: string, decision: DecisionKind, confirmed: boolean): string => {
  if (confirmed) return `${id}/confirm`;
  return decision === 'hold' || decision === 'release' ? `${id}/${decision}` : id;
};

/** How often the picker looks for devices while it is open. */
const DEVICES_MS = 2_500;

/** Turns what a person does into commands. Decides nothing itself: the host does, and the bridge signs. */
export class Actions implements PanelActions {
  readonly dispatch: Dispatch;
  readonly schedule: ScheduleActions;
  readonly #ports: ActionPorts;
  #stopDevices: () => void = () => {};

  constructor(ports: ActionPorts) {
    this.#ports = ports;
    this.dispatch = ports.store.dispatch;
    this.schedule = new ScheduleActions({ ...ports, say: (error) => this.#say(error) });
  }

  decide(approvalId: string, decision: DecisionKind, by: ActedBy, confirmed = false): void {
    const { state } = this.#ports.store;
    const approval = state.approvals.find((one) => one.approval_id === approvalId);
    if (approval === undefined || state.settled.has(approvalId)) return;
    if (state.decisions.get(approvalId)?.step === 'sending') return;
    const why = this.#whyNot(approval, decision, by, confirmed);
    if (why !== null) return this.dispatch({ kind: 'blocked', approval_id: approvalId, why });
    if (decision === 'approve' && approval.danger && !confirmed) {
      return this.dispatch({ kind: 'confirming', approval_id: approvalId });
    }
    void this.#send(approval, decision, confirmed);
  }

  denyAll(): void {
    const { store, judge } = this.#ports;
    if (judge(DENY_ALL, 'pointer') !== null) return;
    this.dispatch({ kind: 'confirming', approval_id: null });
    const waiting = pendingOnes(store.state).filter(
      (one) => store.state.decisions.get(one.approval_id)?.step !== 'sending',
    );
    void this.#denyEach(waiting);
  }

  /** One after the other: each is signed, and a connection takes only so many at once. */
  async #denyEach(waiting: readonly ApprovalView[]): Promise<void> {
    for (const one of waiting) await this.#send(one, 'deny', false);
  }

  /** Why this does not count, in words; null when it does. */
  #whyNot(
    approval: ApprovalView,
    decision: DecisionKind,
    by: ActedBy,
    confirmed: boolean,
  ): string | null {
    const { store, judge } = this.#ports;
    const id = approval.approval_id;
    if (!canDecide(store.state))
      return 'This editor cannot decide now. See the message at the top.';
    const verdict = judge(controlOf(id, decision, confirmed), by);
    if (verdict !== null) return blockedWords[verdict];
    const { call } = approval;
    // A diff shows what the arguments behind "more" say.
    const isCut =
      call.diff === undefined && beginning(call).more > 0 && !store.state.ui.whole.has(id);
    if (decision !== 'approve' || !isCut) return null;
    this.dispatch({ kind: 'show_whole', approval_id: id });
    return 'Here is the whole call. Approve again if it is right.';
  }

  #send(approval: ApprovalView, decision: DecisionKind, confirmed: boolean): Promise<void> {
    const { store, link } = this.#ports;
    const { approval_id, call_hash } = approval;
    const remembers = decision === 'approve' && store.state.ui.remembering.has(approval_id);
    const offer_id = remembers ? (suggestion(approval)?.offer_id ?? null) : null;
    this.dispatch({ kind: 'decision_sent', approval_id, decision });
    return link
      .request('approval.respond', {
        approval_id,
        call_hash,
        decision,
        offer_id,
        source: 'panel',
        confirmed,
      })
      .then(
        ({ approval: answered }) =>
          this.dispatch({ kind: 'approval', approval: answered, attended: true }),
        (thrown: unknown) =>
          this.dispatch({ kind: 'decision_refused', approval_id, error: wireOf(thrown) }),
      );
  }

  say(sentence: string): void {
    const text = sentence.trim();
    if (text === '') return;
    this.dispatch({ kind: 'draft', text: '' });
    this.dispatch({ kind: 'turn_started', text });
    const isCurrent = (): boolean => {
      const { turn } = this.#ports.store.state;
      return turn?.step === 'running' && turn.text === text;
    };
    this.#ports.link.request('conversation.inject_text', { text }).then(
      (result) => isCurrent() && this.dispatch({ kind: 'turn_answered', text, result }),
      (thrown: unknown) =>
        isCurrent() && this.dispatch({ kind: 'turn_failed', text, error: wireOf(thrown) }),
    );
  }

  cancelTurn(): void {
    const { spoken } = this.#ports.store.state.voice;
    // A spoken turn was opened by the extension, so it is named; a typed one is this panel's newest.
    const which = spoken === null || spoken.ended !== null ? {} : { turn_id: spoken.turn_id };
    this.#try(this.#ports.link.request('conversation.cancel', which));
  }

  cancelRun(runId: string): void {
    this.#try(
      this.#ports.link.request('run.cancel', { run_id: runId, reason: 'stopped in the panel' }),
    );
  }

  setKillSwitch(on: boolean): void {
    if (!on && this.#ports.judge('kill-switch-off', 'pointer') !== null) return;
    const reason = on ? 'switched on in the panel' : 'switched off in the panel';
    this.#try(this.#ports.link.request('policy.kill_switch_set', { on, reason }));
  }

  setPaused(paused: boolean): void {
    const { link, judge } = this.#ports;
    if (!paused && judge('resume', 'pointer') !== null) return;
    this.#try(
      paused
        ? link.request('runtime.stop', { reason: 'in the panel' })
        : link.request('runtime.start', {}),
    );
  }

  revokeGrant(grantId: string): void {
    const verdict = this.#ports.judge(revokeControl(grantId), 'pointer');
    if (verdict !== null)
      return this.dispatch({ kind: 'notice', text: blockedWords[verdict], error: false });
    this.#try(this.#ports.link.request('grant.revoke', { grant_id: grantId }));
  }

  chooseAgent(): void {
    const choosing = (links: readonly InstallLink[] | null): void =>
      this.dispatch({ kind: 'connect', connect: { step: 'choosing', links } });
    choosing(null);
    this.#ports.link.request('agent.links', {}).then(
      ({ links }) => {
        if (this.#ports.store.state.connect?.step === 'choosing') choosing(links);
      },
      // Agents can be connected all the same.
      () => {},
    );
  }

  planConnection(name: string, undo: boolean): void {
    this.dispatch({ kind: 'connect', connect: { step: 'planning', name, undo } });
    this.#ports.link.request('agent.connect_plan', { name, undo }).then(
      ({ plan }) => this.dispatch({ kind: 'connect_plan', name, undo, plan }),
      (thrown: unknown) =>
        this.dispatch({ kind: 'connect_failed', name, undo, error: wireOf(thrown) }),
    );
  }

  applyConnection(): void {
    const { store, link, judge } = this.#ports;
    const { connect } = store.state;
    if (connect?.step !== 'plan' || connect.applying || judge('connect', 'pointer') !== null)
      return;
    const { name, undo, plan } = connect;
    this.dispatch({ kind: 'connect_applying' });
    link.request('agent.connect_apply', { name, undo, plan_hash: plan.plan_hash }).then(
      (done) =>
        this.dispatch({ kind: 'connect', connect: { step: 'done', name, undo, plan: done.plan } }),
      (thrown: unknown) =>
        this.dispatch({ kind: 'connect_failed', name, undo, error: wireOf(thrown) }),
    );
  }

  showDiff(approvalId: string): void {
    this.#ports.link.tell({ bridge: 'show_diff', approval_id: approvalId });
  }

  openEvent(seq: number): void {
    this.#ports.link.tell({ bridge: 'open_event', seq });
  }

  runCommand(command: PanelCommand): void {
    this.#ports.link.tell({ bridge: 'run_command', command });
  }

  readOlder(): void {
    this.#try(this.#ports.readOlder());
  }

  openSearch(): void {
    if (this.#ports.store.state.ui.tab !== 'timeline')
      this.dispatch({ kind: 'tab', tab: 'timeline' });
    if (this.#ports.store.state.ui.search === null) this.dispatch({ kind: 'search', text: '' });
    this.#ports.focus('#timeline-search');
  }

  exportEvents(text: string, seqs: readonly number[]): void {
    this.#ports.link.tell({ bridge: 'export_events', text, seqs: [...seqs] });
  }

  talk(act: TalkAct): void {
    this.#ports.link.tell({ bridge: 'talk', act });
  }

  talkAnswer(inquiryId: string): void {
    this.#ports.link.tell({ bridge: 'talk_answer', inquiry_id: inquiryId });
  }

  answerInquiry(inquiryId: string, answer: { choice: number } | { text: string }): void {
    // What is typed was meant for this card; a click may have been meant for what was here before.
    if ('choice' in answer && this.#isBlocked(inquiryId, inquiryId)) return;
    this.#try(this.#ports.link.request('inquiry.answer', { inquiry_id: inquiryId, ...answer }));
  }

  async answerForm(inquiryId: string, content: JsonObject): Promise<string | null> {
    const blocked = this.#ports.judge(inquiryId, 'pointer');
    if (blocked !== null) return blockedWords[blocked];
    const { link } = this.#ports;
    return link.request('inquiry.answer', { inquiry_id: inquiryId, content }).then(
      () => null,
      (thrown: unknown) => failureText(wireOf(thrown)),
    );
  }

  declineInquiry(inquiryId: string, dismiss = false): void {
    if (this.#isBlocked(inquiryId, `${inquiryId}/foot`)) return;
    this.#try(this.#ports.link.request('inquiry.decline', { inquiry_id: inquiryId, dismiss }));
  }

  #isBlocked(id: string, control: string): boolean {
    const verdict = this.#ports.judge(control, 'pointer');
    if (verdict === null) return false;
    this.dispatch({ kind: 'blocked', approval_id: id, why: blockedWords[verdict] });
    return true;
  }

  confirmTranscript(text: string): void {
    const turn_id = this.#ports.store.state.voice.spoken?.turn_id;
    if (turn_id === undefined || text.trim() === '') return;
    this.#try(
      this.#ports.link.request('conversation.transcript_confirm', { turn_id, text: text.trim() }),
    );
  }

  stopSpeaking(): void {
    this.#try(this.#ports.link.request('speech.stop', {}));
  }

  setVoice(changes: Readonly<Record<string, string | boolean | null>>): void {
    const named = Object.entries(changes).map(([name, value]) => [`voice.${name}`, value] as const);
    this.#try(this.#ports.link.request('config.patch', { changes: Object.fromEntries(named) }));
  }

  showDevices(open: boolean): void {
    if (!open) {
      this.dispatch({ kind: 'devices', devices: null });
      // The microphone would close by itself, only later.
      this.#watchLevel(false).catch(() => {});
      return;
    }
    this.dispatch({ kind: 'devices', devices: { list: null, error: null, deaf: null } });
    this.#readDevices();
  }

  /**
   * Again and again while the picker is open, so that what is plugged in or pulled out is seen there, and the
   * microphone stays open for its level.
   */
  #readDevices(): void {
    this.#stopDevices();
    const shown = (devices: Devices): void => {
      if (this.#ports.store.state.voice.devices === null) return;
      this.dispatch({ kind: 'devices', devices });
      this.#stopDevices();
      this.#stopDevices = this.#ports.after(DEVICES_MS, () => {
        if (this.#ports.store.state.voice.devices !== null) this.#readDevices();
      });
    };
    const deaf = this.#watchLevel(document.visibilityState === 'visible').then(
      () => null,
      (thrown: unknown) => wireOf(thrown),
    );
    this.#ports.link.request('audio.device_list', {}).then(
      async (list) => shown({ list, error: null, deaf: await deaf }),
      (thrown: unknown) => shown({ list: null, error: wireOf(thrown), deaf: null }),
    );
  }

  #watchLevel(on: boolean): Promise<unknown> {
    // The bridge puts in which window this is.
    return this.#ports.link.request('audio.level_watch', { window_id: 'this', on });
  }

  readSpokenTurns(): void {
    this.#ports.link.request('conversation.turn_list', { limit: 20 }).then(
      ({ turns }) => this.dispatch({ kind: 'spoken_turns', turns }),
      (thrown: unknown) => this.#say(wireOf(thrown)),
    );
  }

  /** Something whose effect arrives as an event; only a refusal has to be said. */
  #try(request: Promise<unknown>): void {
    request.catch((thrown: unknown) => this.#say(wireOf(thrown)));
  }

  #say(error: WireError): void {
    this.dispatch({ kind: 'notice', text: failureText(error), error: true });
  }
}
