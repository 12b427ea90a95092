import * as z from 'zod';
import { domainId, timestampSchema } from '../envelope/ids.ts';
import { jsonObjectSchema } from '../envelope/json.ts';
import { principalSchema } from '../envelope/principal.ts';
import { formFieldSchema } from './form-field.ts';

/*
 * An inquiry: an agent, or a server during a call of it, asks the person something. It is no approval:
 * whatever is answered allows nothing, needs no signature, and is words for whoever asked.
 */

/** `question`: choices, own words, or both. `listen`: the agent wants to hear the person. */
export const agentInquiryKinds = ['question', 'listen'] as const;
/** `form`: a server wants fields filled in. `link`: a server wants a page opened in the browser. */
export const inquiryKinds = [...agentInquiryKinds, 'form', 'link'] as const;
export const inquiryStatuses = ['open', 'answered', 'declined', 'cancelled', 'expired'] as const;
export const answerSources = ['click', 'typed', 'voice'] as const;

export const inquiryAnswerSchema = z.object({
  /** The chosen choice, or what was typed or said. */
  text: z.string(),
  /** Which of the choices, from 0; null for other words. */
  choice: z.number().int().nullable(),
  /** What a form was filled in with. */
  content: jsonObjectSchema.optional(),
  source: z.enum(answerSources),
  /** The talk turn in which it was said. */
  turn_id: domainId('turn').nullable(),
});
export type InquiryAnswer = z.infer<typeof inquiryAnswerSchema>;

/** What an agent asks. */
export const inquiryTextSchema = z.object({
  kind: z.enum(agentInquiryKinds),
  question: z.string().min(1).max(500),
  choices: z.array(z.string().min(1).max(80)).max(8),
  /** Other words than the choices count as well. */
  free_text: z.boolean(),
  /** What the recogniser listens for beside the choices. */
  phrases: z.array(z.string().min(1).max(80)).max(64),
});
export type InquiryText = z.infer<typeof inquiryTextSchema>;

/** What is asked, whoever asks. */
export const askedSchema = inquiryTextSchema.extend({
  kind: z.enum(inquiryKinds),
  question: z.string().min(1).max(2_000),
  /** Of a form. */
  fields: z.array(formFieldSchema).max(32).optional(),
  /** Of a link: where it leads. */
  url: z.string().max(2_048).optional(),
  /** The call of a server's tool in which the server asks, and who made it. */
  during: z.object({ tool: z.string(), caller: z.string() }).optional(),
});
export type Asked = z.infer<typeof askedSchema>;

export const inquiryViewSchema = askedSchema.extend({
  inquiry_id: domainId('inquiry'),
  workspace_id: z.string(),
  requester: principalSchema,
  status: z.enum(inquiryStatuses),
  answer: inquiryAnswerSchema.nullable(),
  /** Why it was cancelled. */
  ended_reason: z.string().nullable(),
  asked_at: timestampSchema,
  expires_at: timestampSchema,
  settled_at: timestampSchema.nullable(),
  /** The call that asked, so that the same call sent again asks once. */
  ref: z.string().nullable(),
});
export type InquiryView = z.infer<typeof inquiryViewSchema>;
