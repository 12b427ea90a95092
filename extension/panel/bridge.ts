// Between webview and host: passes the panel's requests on over its own connection, adds what only the
// extension knows (workspace, window, the decision's signature), and gives answers and events back.
import { describeFailure } from '#schema/client/errors.ts';
import type { CommandInput, CommandName } from '#schema/commands/registry.ts';
import type {
  EventEnvelope,
  RequestEnvelope,
  ResponseEnvelope,
} from '#schema/envelope/envelope.ts';
import { wireErrors, type WireError } from '#schema/envelope/errors.ts';
import type { JsonObject } from '#schema/envelope/json.ts';
import { CONTRACT_VERSION } from '#schema/envelope/version.ts';
import type { SayResult } from '#schema/commands/conversation.ts';
import { findCommand } from '#schema/commands/registry.ts';
import {
  bridgeFromPanelSchema,
  type BridgeFromPanel,
  type BridgeToPanel,
} from '#schema/views/bridge.ts';
import { signedDecisionSchema } from '#schema/views/approval.ts';
import { requestProblem } from '#schema/wire/check-envelope.ts';
import { holdAsSaid } from '../cards/hold-as-said.ts';
import type { Answer, SettingSignature } from '../decider/statements.ts';

export interface PanelBridgeOptions {
  /** To the webview. */
  post: (message: BridgeToPanel | ResponseEnvelope | EventEnvelope) => void;
  /** Over the `panel` connection, with this window's workspace. */
  request: (
    command: CommandName,
    payload: CommandInput<CommandName>,
    options: { idempotencyKey?: string },
  ) => Promise<object>;
  sign: (answer: Answer) => JsonObject;
  /** Null while this editor may not decide: then only what tightens a protection goes through. */
  signSetting: (change: JsonObject) => SettingSignature | null;
  windowId: string;
  /** A message that stays in the editor. */
  onBridge: (message: BridgeFromPanel) => void;
  warn: (text: string) => void;
}

/** What the panel says of a decision; the rest of the signed statement is the extension's. */
const answerSchema = signedDecisionSchema.pick({
  approval_id: true,
  call_hash: true,
  decision: true,
  offer_id: true,
  confirmed: true,
});

const refusal = (code: keyof typeof wireErrors, message?: string): WireError => ({
  code,
  message: message ?? wireErrors[code].message,
  retryable: wireErrors[code].retryable,
});

export class PanelBridge {
  readonly #o: PanelBridgeOptions;

  constructor(options: PanelBridgeOptions) {
    this.#o = options;
  }

  /** One message of the webview. Whatever it is, it never throws. */
  async receive(message: unknown): Promise<void> {
    if (isBridgeMessage(message)) {
      const parsed = bridgeFromPanelSchema.safeParse(message);
      if (parsed.success) this.#o.onBridge(parsed.data);
      else this.#o.warn('the panel sent a message that is not in the contract');
      return;
    }
    const problem = requestProblem(message);
    if (problem !== null) {
      const { path, message: why } = problem;
      this.#o.warn(`the panel sent something that is no request: ${path} ${why}`);
      return this.#refuse(requestIdOf(message), refusal('bad_request', `${path} ${why}`));
    }
    await this.#pass(message as RequestEnvelope);
  }

  async #pass({ request_id, command, payload, idempotency_key }: RequestEnvelope): Promise<void> {
    const row = findCommand(command);
    if (row === undefined) return this.#refuse(request_id, refusal('unknown_command'));
    if (!row.roles.includes('panel')) return this.#refuse(request_id, refusal('role_refused'));
    try {
      const completed = this.#complete(row.name, payload) as CommandInput<CommandName>;
      const options = idempotency_key === undefined ? {} : { idempotencyKey: idempotency_key };
      const result = await this.#o.request(row.name, completed, options);
      const answer = row.name === 'conversation.inject_text' ? await this.#held(result) : result;
      this.#o.post({ v: CONTRACT_VERSION, request_id, ok: true, payload: answer as JsonObject });
    } catch (failure) {
      this.#refuse(request_id, describeFailure(failure));
    }
  }

  /** "Hold", typed into the panel, is a hold of the person who sits at it. */
  async #held(result: object): Promise<object> {
    const hold = holdAsSaid(result as SayResult, 'panel');
    if (hold === null) return result;
    await this.#o.request('approval.respond', this.#o.sign(hold), {});
    return { ...result, reply: 'Held: its clock stands still until you release it.' };
  }

  /** Adds to a payload what the webview must not or cannot know. */
  #complete(command: CommandName, payload: JsonObject): JsonObject {
    switch (command) {
      case 'approval.respond': {
        const { approval_id, call_hash, ...answer } = answerSchema.parse(payload);
        const approval = { approval_id, call_hash };
        return this.#o.sign({ approval, ...answer, source: 'panel' });
      }
      case 'policy.kill_switch_set':
        if (payload['on'] !== false) return payload;
        return { ...payload, ...this.#o.signSetting({ kill_switch: false }) };
      case 'config.patch':
        return { ...payload, ...this.#o.signSetting({ config: payload['changes'] ?? {} }) };
      case 'conversation.inject_text':
      case 'client.shown_set':
      case 'audio.level_watch':
        return { ...payload, window_id: this.#o.windowId };
      default:
        return payload;
    }
  }

  #refuse(request_id: string | null, error: WireError): void {
    this.#o.post({ v: CONTRACT_VERSION, request_id, ok: false, error });
  }
}

const isBridgeMessage = (message: unknown): boolean =>
  typeof message === 'object' && message !== null && 'bridge' in message;

function requestIdOf(message: unknown): string | null {
  const id = (message as { request_id?: unknown } | null)?.request_id;
  return typeof id === 'string' ? id : null;
}
