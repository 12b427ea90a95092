import type { JsonObject } from '#schema/envelope/json.ts';
import { HobError } from '#host/kernel/errors.ts';
import type { InquiryService } from '#host/inquiries/service.ts';
import type { CallContext, Handlers } from '../ports.ts';
import { ownOnly, seesAll } from './approval.ts';

type InquiryCommands =
  | 'inquiry.ask'
  | 'inquiry.get'
  | 'inquiry.list'
  | 'inquiry.answer'
  | 'inquiry.decline'
  | 'inquiry.cancel';

export function inquiryHandlers(o: {
  inquiries: InquiryService;
  workspaceFor(context: CallContext, cwd: string | undefined): string;
  /** Takes secrets out of text. */
  redact(data: JsonObject): { contains_secrets: boolean };
}): Pick<Handlers, InquiryCommands> {
  const { inquiries } = o;
  return {
    'inquiry.ask': async (payload, context) => {
      const { correlation_id, causation_id, caller } = context;
      const workspace_id = o.workspaceFor(context, undefined);
      const asking = { workspace_id, correlation_id, causation_id };
      return { inquiry: await inquiries.ask(payload, caller.principal, asking) };
    },

    'inquiry.get': async ({ inquiry_id, wait_ms }, { caller }) => {
      const { principal, closed } = caller;
      const known = await inquiries.find(inquiry_id);
      if (known === null || (!seesAll(principal) && known.requester.id !== principal.id))
        throw new HobError('not_found');
      return { inquiry: (await inquiries.settled(inquiry_id, wait_ms, closed)) ?? known };
    },

    'inquiry.list': (payload, { caller }) => inquiries.list(payload, ownOnly(caller.principal)),

    'inquiry.answer': async ({ inquiry_id, choice, text, content }, { caller }) => {
      if (content !== undefined && o.redact(content).contains_secrets)
        throw new HobError('invalid_payload', {
          message:
            'There is something in it that looks like a password or a key. A server may not ask for one in a form; it was not sent.',
        });
      const [given, source] =
        choice !== undefined
          ? ([{ choice }, 'click'] as const)
          : ([content === undefined ? { text: text ?? '' } : { content }, 'typed'] as const);
      const how = { source, turn_id: null };
      return { inquiry: await inquiries.answer(inquiry_id, given, how, caller.principal) };
    },

    'inquiry.decline': async ({ inquiry_id, dismiss }, { caller }) => ({
      inquiry: await (dismiss
        ? inquiries.withdraw(inquiry_id, 'put away', caller.principal)
        : inquiries.decline(inquiry_id, caller.principal)),
    }),

    'inquiry.cancel': async ({ inquiry_id }, { caller }) => ({
      inquiry: await inquiries.cancel(inquiry_id, caller.principal),
    }),
  };
}
