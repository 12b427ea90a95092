import * as z from 'zod';
import { domainId, timestampSchema } from '../envelope/ids.ts';
import { principalSchema } from '../envelope/principal.ts';
import { askedSchema, inquiryAnswerSchema } from '../views/inquiry.ts';

const inquiryId = domainId('inquiry');

/** What agents and servers ask people, and what became of it. */
export const inquiryEvents = {
  // inquiry/<inquiry_id>
  'inquiry.asked': askedSchema.extend({
    inquiry_id: inquiryId,
    requester: principalSchema,
    expires_at: timestampSchema,
    ref: z.string().nullable(),
  }),
  'inquiry.answered': inquiryAnswerSchema.extend({ inquiry_id: inquiryId }),
  /** The person will not answer it. */
  'inquiry.declined': z.object({ inquiry_id: inquiryId }),
  'inquiry.cancelled': z.object({ inquiry_id: inquiryId, reason: z.string() }),
  'inquiry.expired': z.object({ inquiry_id: inquiryId }),
} as const;
