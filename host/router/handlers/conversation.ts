import type { ConversationService } from '#host/conversation/service.ts';
import type { TurnService } from '#host/conversation/turns/service.ts';
import type { Speaker } from '#host/conversation/ports.ts';
import type { CallAllowances } from '#host/policy/call-allowances.ts';
import type { CallContext, Handlers } from '../ports.ts';

/** Who said it, for everything that is said. */
export const speakerOf = ({
  caller,
  workspace_id,
  correlation_id,
  causation_id,
  idempotency_key,
}: CallContext): Speaker => ({
  principal: caller.principal,
  role: caller.role,
  connection_id: caller.connection_id,
  closed: caller.closed,
  workspace_id,
  correlation_id,
  causation_id,
  idempotency_key,
});

export function conversationHandlers(
  conversation: ConversationService,
  turns: TurnService,
  allowances: CallAllowances,
): Pick<Handlers, 'conversation.inject_text' | 'conversation.cancel'> {
  return {
    'conversation.inject_text': async (payload, context) => {
      const { caller, workspace_id } = context;
      if (!payload.dry_run) allowances.spend(caller.principal, 'said', workspace_id);
      return conversation.injectText(payload, speakerOf(context));
    },
    'conversation.cancel': async ({ turn_id }, context) => ({
      cancelled: [
        ...new Set([
          ...(await conversation.cancel(turn_id, speakerOf(context))),
          ...turns.cancel(turn_id, context.caller.connection_id),
        ]),
      ],
    }),
  };
}
