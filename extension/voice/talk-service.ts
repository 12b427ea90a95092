// Talking in this window: what hand and key do becomes turns of the host, each opened with a signature of
// this editor, and an answer that the host heard in one of them is signed here.
import * as vscode from 'vscode';
import { describeFailure } from '#schema/client/errors.ts';
import type { EventEnvelope } from '#schema/envelope/envelope.ts';
import type { WireError } from '#schema/envelope/errors.ts';
import type { TalkAct } from '#schema/views/bridge.ts';
import type { DecisionHeard } from '#schema/views/turn.ts';
import type { Decider } from '../decider/decider.ts';
import type { Host } from '../host-process/host.ts';
import { OpenedTurns } from './core/opened-turns.ts';
import {
  deadline,
  initialTalk,
  step,
  type Talk,
  type TalkEffect,
  type TalkInput,
  type TalkMode,
  type TalkSetting,
} from './core/talk.ts';
import { WakeUp } from './core/wake-up.ts';

export interface TalkServiceOptions {
  host: Host;
  decider: Decider;
  windowId: string;
  setting: () => TalkSetting;
  now: () => number;
  newId: () => string;
  /** Why talking did not begin; null when it has. */
  onProblem: (error: WireError | null) => void;
  log: vscode.LogOutputChannel;
}

/** What is special about a start. */
interface Opening {
  readonly take_over?: boolean;
  readonly inquiry_id?: string;
}

/** So many turns are known to be over before their start was answered. */
const EARLY_ENDS = 20;

export class TalkService implements vscode.Disposable {
  readonly #o: TalkServiceOptions;
  readonly #subscriptions: vscode.Disposable;
  #talk: Talk = initialTalk;
  readonly #silence: WakeUp;
  /** Requests go out one after the other: a stop never overtakes its start. */
  #queue: Promise<void> = Promise.resolve();
  #turnId: string | null = null;
  readonly #opened = new OpenedTurns();
  readonly #over = new Set<string>();

  constructor(options: TalkServiceOptions) {
    this.#o = options;
    const { host } = options;
    this.#silence = new WakeUp({
      now: options.now,
      timer: (ms, run) => {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
    });
    this.#subscriptions = vscode.Disposable.from(
      host.onEvent((event) => this.#onEvent(event)),
      host.onDidChangeState(({ kind }) => {
        if (kind !== 'connected') this.#ended();
      }),
    );
  }

  /** What a hand does at the panel. */
  act(act: TalkAct): void {
    const at = this.#o.now();
    if (act === 'cancel') return this.cancel();
    if (act === 'take_over') return this.#run({ do: 'start', mode: 'tap' }, { take_over: true });
    this.#take({ kind: act, at, setting: this.#o.setting() });
  }

  /** A turn for the answer to what an agent asked. It ends when it is quiet, or with the next press. */
  answer(inquiryId: string): void {
    if (this.#talk.kind !== 'off') return;
    this.#run({ do: 'start', mode: 'tap' }, { inquiry_id: inquiryId });
  }

  /** The key binding fired; while the key is held it fires again and again. */
  fire(): void {
    this.#take({ kind: 'fire', at: this.#o.now(), setting: this.#o.setting() });
  }

  /** Forgets what is being said. */
  cancel(): void {
    this.#take({ kind: 'cancel' });
  }

  dispose(): void {
    this.cancel();
    this.#subscriptions.dispose();
    this.#silence.at(null, () => undefined);
  }

  #take(input: TalkInput): void {
    const { talk, effects } = step(this.#talk, input);
    this.#talk = talk;
    for (const effect of effects) this.#run(effect);
    const now = (): void => this.#take({ kind: 'time', at: this.#o.now() });
    this.#silence.at(deadline(this.#talk), now);
  }

  #run(effect: TalkEffect, opening: Opening = {}): void {
    this.#queue = this.#queue
      .then(() => this.#do(effect, opening))
      .catch((failure: unknown) => {
        const error = describeFailure(failure);
        this.#o.log.warn(`talk: ${error.code}: ${error.message}`);
        this.#ended();
        this.#o.onProblem(error);
      });
  }

  async #do(effect: TalkEffect, opening: Opening): Promise<void> {
    if (effect.do === 'start') return this.#start(effect.mode, opening);
    const turn_id = this.#turnId;
    if (turn_id === null) return;
    const discard = effect.do === 'discard';
    this.#turnId = null;
    await this.#o.host.request('conversation.listen_stop', {
      window_id: this.#o.windowId,
      turn_id,
      discard,
    });
  }

  async #start(mode: TalkMode, opening: Opening): Promise<void> {
    const { host, decider, windowId: window_id, newId } = this.#o;
    const listen = { listen_id: newId(), window_id, mode };
    // An editor that may not decide may still talk; nothing said in such a turn answers a question.
    // What is said to an agent decides nothing, so there is nothing to sign.
    const mayDecide = decider.status === 'enrolled' && opening.inquiry_id === undefined;
    const signed = mayDecide ? decider.signListen(listen) : null;
    const request = { window_id, mode, ...opening, ...signed };
    const { turn_id } = await host.request('conversation.listen_start', request);
    this.#opened.add(turn_id, signed?.listen_id ?? null);
    this.#o.onProblem(null);
    // No hand holds these two; the next press ends them.
    if (opening.take_over === true || opening.inquiry_id !== undefined)
      this.#talk = { kind: 'on', lastFire: -Infinity };
    if (this.#over.delete(turn_id)) return this.#ended();
    this.#turnId = turn_id;
  }

  /** The turn no longer listens, whatever the hand does. */
  #ended(): void {
    this.#turnId = null;
    this.#take({ kind: 'ended' });
  }

  #onEvent({ event, payload }: EventEnvelope): void {
    if (event === 'runtime.decision_heard')
      return void this.#answer(payload as unknown as DecisionHeard);
    if (event !== 'runtime.turn' || payload['window_id'] !== this.#o.windowId) return;
    const { turn_id, state } = payload as { turn_id: string; state: string };
    if (state === 'listening') return;
    if (turn_id === this.#turnId) return this.#ended();
    // Over before its start was answered.
    if (this.#opened.has(turn_id)) return;
    this.#over.add(turn_id);
    for (const old of [...this.#over].slice(0, -EARLY_ENDS)) this.#over.delete(old);
  }

  /** Signs an answer that was heard, if it was heard in a turn that a hand opened here. */
  async #answer(heard: DecisionHeard): Promise<void> {
    const { host, decider, log } = this.#o;
    const { approval_id, call_hash, decision, turn_id, listen_id } = heard;
    if (!this.#opened.wasSigned(turn_id, listen_id)) {
      log.warn(`talk: an answer was heard in ${turn_id}, which nobody opened here; not signed`);
      return;
    }
    try {
      const signed = decider.sign({
        approval: { approval_id, call_hash },
        decision,
        offer_id: null,
        source: 'voice',
        confirmed: false,
        heard,
      });
      await host.request('approval.respond', signed);
    } catch (failure) {
      const { message } = describeFailure(failure);
      void vscode.window.showWarningMessage(`Hob: your answer did not count. ${message}`);
    }
  }
}
