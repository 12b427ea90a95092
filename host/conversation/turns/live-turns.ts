import type { WireError } from '#schema/envelope/errors.ts';
import type { Clock } from '#host/kernel/clock.ts';
import { HobError } from '#host/kernel/errors.ts';
import type { Log } from '#host/kernel/log.ts';
import { hostPrincipal } from '#host/policy/approvals/service.ts';
import type { EventContext } from '#host/store/ports.ts';
import type { ActiveTurn, CourseSteps } from './active-turn.ts';
import {
  decide,
  evolve,
  isTalking,
  type EndReason,
  type Happened,
  type TurnEvent,
  type Turns,
} from './core/turn-machine.ts';
import type { LiveEvents, LoadVoice } from './ports.ts';
import { TurnRecords } from './record.ts';

export interface LiveTurnsOptions {
  clock: Clock;
  live: LiveEvents;
  load: LoadVoice;
  log: Log;
  /** What a person calls that window; null when it is not open. */
  windowName(windowId: string): string | null;
}

/**
 * The one owner of the turn machine: takes what happened, and does what follows (signals, records, events to
 * the windows). A turn that is over is known here no more, so whatever comes late finds nothing.
 */
export class LiveTurns implements CourseSteps {
  readonly records = new TurnRecords();
  readonly #o: LiveTurnsOptions;
  readonly #active = new Map<string, ActiveTurn>();
  #turns: Turns = [];
  #endSilence: (() => void) | null = null;

  constructor(options: LiveTurnsOptions) {
    this.#o = options;
  }

  get live(): Turns {
    return this.#turns;
  }

  active(turnId: string): ActiveTurn | null {
    return this.#active.get(turnId) ?? null;
  }

  /** Throws `microphone_closed`, `microphone_in_use` and `too_many_requests`. */
  begin(turn: ActiveTurn, how: { take_over: boolean; gate_open: boolean }): void {
    const { turn_id, mode, window_id, speaker } = turn;
    this.#active.set(turn_id, turn);
    const decision = this.apply({
      kind: 'start',
      turn: { turn_id, mode, window_id, connection_id: speaker.connection_id },
      ...how,
    });
    if (decision.ok) return;
    this.#active.delete(turn_id);
    const details = decision.by === null ? {} : { details: { window_id: decision.by.window_id } };
    throw new HobError(decision.code, details);
  }

  apply(happened: Happened): ReturnType<typeof decide> {
    const decision = decide(this.#turns, happened);
    if (!decision.ok) return decision;
    for (const event of decision.events) this.#turns = evolve(this.#turns, event);
    for (const event of decision.events) this.#follow(event);
    this.#holdMouth();
    return decision;
  }

  reach(turn: ActiveTurn, state: Parameters<CourseSteps['reach']>[1], text?: string): void {
    turn.record.moment('state', text ?? state, { state });
    this.apply({ kind: 'reach', turn_id: turn.turn_id, state });
    if (state === 'editing') this.#tell(turn, state, text ?? null);
  }

  muted(turn: ActiveTurn): void {
    const error = new HobError('microphone_muted').toWire();
    turn.record.moment('error', error.message, { code: error.code });
    if (turn.mode !== 'file') this.#micStatus(turn, 'open', error);
  }

  microphone(turn: ActiveTurn, state: 'opening' | 'open' | 'closed', device?: string): void {
    turn.record.moment('microphone', device === undefined ? state : `${state}: ${device}`, {
      state,
    });
    if (turn.mode !== 'file') this.#micStatus(turn, state, null);
  }

  /** A turn that an error ended. */
  failed(turn: ActiveTurn, error: WireError): void {
    turn.record.moment('error', error.message, { code: error.code });
    const isMicrophone = error.code.startsWith('microphone_') || error.code === 'voice_unavailable';
    const isLive = this.#active.has(turn.turn_id);
    const reason = (isMicrophone ? error.code : 'failed') as EndReason;
    this.apply({ kind: 'end', turn_id: turn.turn_id, reason });
    if (isMicrophone && isLive && turn.mode !== 'file') this.#micStatus(turn, 'error', error);
  }

  /** Resolves when the turn has ended, after `ms`, or on abort. */
  ended(turnId: string, ms: number, gone: AbortSignal): Promise<void> {
    const turn = this.#active.get(turnId);
    if (turn === undefined || ms === 0 || gone.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const leave = (): void => {
        stop();
        gone.removeEventListener('abort', leave);
        resolve();
      };
      const stop = this.#o.clock.timer(ms, leave);
      gone.addEventListener('abort', leave, { once: true });
      turn.over.promise.then(leave, leave);
    });
  }

  /** For events of a turn that the host itself brings about. */
  hostContext(turnId: string): EventContext {
    const speaker = this.#active.get(turnId)?.speaker;
    return {
      workspace_id: speaker?.workspace_id ?? 'ws_dev',
      actor: hostPrincipal,
      correlation_id: speaker?.correlation_id ?? turnId,
      causation_id: null,
    };
  }

  #follow(event: TurnEvent): void {
    const id = event.type === 'began' ? event.turn.turn_id : event.turn_id;
    const turn = this.#active.get(id);
    if (turn === undefined) return;
    if (event.type === 'began') {
      this.records.add(turn.record);
      this.#tell(turn, 'listening', null);
      return;
    }
    if (event.type === 'reached') {
      turn.record.view.state = event.state;
      if (event.state === 'recognising') {
        turn.released.abort();
        this.microphone(turn, 'closed');
      }
      if (event.state !== 'editing') this.#tell(turn, event.state, null);
      return;
    }
    const wasListening = turn.record.view.state === 'listening';
    this.#active.delete(id);
    turn.record.ended(event.reason);
    turn.controller.abort();
    if (wasListening) this.microphone(turn, 'closed');
    this.#tell(turn, 'ended', event.reason);
    turn.over.resolve();
  }

  /** While somebody talks, nothing is said: neither by agents nor by Hob, which would hear itself. */
  #holdMouth(): void {
    const holds = isTalking(this.#turns);
    if (holds === (this.#endSilence !== null)) return;
    this.#endSilence?.();
    this.#endSilence = null;
    if (!holds) return;
    let release: (() => void) | null = null;
    let isOver = false;
    this.#endSilence = () => {
      isOver = true;
      release?.();
    };
    void this.#o.load().then(
      ({ mouth }) => {
        if (!isOver) release = mouth.hold();
      },
      () => {},
    );
  }

  #tell(turn: ActiveTurn, state: string, text: string | null): void {
    const { turn_id, window_id, acts_on, inquiry } = turn;
    const inquiry_id = inquiry?.inquiry_id ?? null;
    const acts_on_name = acts_on === null ? null : this.#o.windowName(acts_on);
    const where = { window_id, acts_on, acts_on_name };
    this.#o.live.send('runtime.turn', { turn_id, state, ...where, inquiry_id, text });
  }

  #micStatus(
    turn: ActiveTurn,
    state: 'opening' | 'open' | 'closed' | 'error',
    error: WireError | null,
  ): void {
    this.#o.live.send('runtime.mic_status', {
      state,
      turn_id: turn.turn_id,
      window_id: turn.window_id,
      device: turn.record.view.device,
      code: error?.code ?? null,
      message: error?.message ?? null,
      gate_open: turn.settings.gate === 'open',
    });
  }
}
