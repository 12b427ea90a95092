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

    'inquiry.answer': async ({ inquiry_id, choice, text }, { caller }) => {
      const [given, source] =
        choice === undefined
          ? ([{ text: text ?? '' }, 'typed'] as const)
          : ([{ choice }, 'click'] as const);
      const how = { source, turn_id: null };
      return { inquiry: await inquiries.answer(inquiry_id, given, how, caller.principal) };
    },

    'inquiry.decline': async ({ inquiry_id }, { caller }) => ({
      inquiry: await inquiries.decline(inquiry_id, caller.principal),
    }),

    'inquiry.cancel': async ({ inquiry_id }, { caller }) => ({
      inquiry: await inquiries.cancel(inquiry_id, caller.principal),
    }),
  };
}
