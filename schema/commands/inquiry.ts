import * as z from 'zod';
import { domainId } from '../envelope/ids.ts';
import { jsonObjectSchema } from '../envelope/json.ts';
import { inquiryStatuses, inquiryTextSchema, inquiryViewSchema } from '../views/inquiry.ts';
import { command, editor, people } from './define.ts';

const inquiryId = domainId('inquiry');
const one = z.object({ inquiry: inquiryViewSchema });

export const inquiryCommands = [
  command({
    name: 'inquiry.ask',
    roles: ['agent'],
    action: 'control',
    idempotent: false,
    since: '0.1.0',
    summary:
      'An agent asks the person something; shown in the panel as a card of its own kind, and said aloud unless voice is quiet. Answers at once; inquiry.get waits for the answer. An answer is words and allows nothing.',
    payload: () =>
      inquiryTextSchema.extend({
        choices: inquiryTextSchema.shape.choices.default([]),
        phrases: inquiryTextSchema.shape.phrases.default([]),
        expires_in_s: z.number().int().min(30).max(3_600).default(600),
        /** Names the call that asks: asked again with the same one, it is the same question. */
        ref: z.string().max(128).optional(),
      }),
    result: () => one,
  }),
  command({
    name: 'inquiry.get',
    roles: [...people, 'agent'],
    action: 'read',
    idempotent: true,
    since: '0.1.0',
    summary: 'One of them; agents see their own. With `wait_ms`, answers when it is settled.',
    payload: () =>
      z.object({ inquiry_id: inquiryId, wait_ms: z.number().int().min(0).max(50_000).default(0) }),
    result: () => one,
  }),
  command({
    name: 'inquiry.list',
    roles: [...people, 'agent'],
    action: 'read',
    idempotent: true,
    since: '0.1.0',
    summary: 'Oldest first; by default those that are open. Agents see their own.',
    payload: () =>
      z.object({
        status: z.array(z.enum(inquiryStatuses)).default(['open']),
        limit: z.number().int().min(1).max(500).default(100),
      }),
    result: () => z.object({ inquiries: z.array(inquiryViewSchema), total: z.number().int() }),
  }),
  command({
    name: 'inquiry.answer',
    roles: editor,
    action: 'control',
    idempotent: false,
    since: '0.1.0',
    summary:
      'A person answers by click (`choice`), in own words (`text`) or by a form (`content`; of a link an empty one: it is opened). Only in the editor: a command line is no person.',
    payload: () =>
      z
        .object({
          inquiry_id: inquiryId,
          choice: z.number().int().min(0).max(7).optional(),
          text: z.string().trim().min(1).max(4_096).optional(),
          content: jsonObjectSchema.optional(),
        })
        .refine(
          ({ choice, text, content }) =>
            [choice, text, content].filter((one) => one !== undefined).length === 1,
          'give a choice, a text or the content of a form',
        ),
    result: () => one,
  }),
  command({
    name: 'inquiry.decline',
    roles: editor,
    action: 'control',
    idempotent: false,
    since: '0.1.0',
    summary:
      'The person will not answer; whoever asked is told so. With `dismiss` the question is put away without a no.',
    payload: () => z.object({ inquiry_id: inquiryId, dismiss: z.boolean().default(false) }),
    result: () => one,
  }),
  command({
    name: 'inquiry.cancel',
    roles: ['agent'],
    action: 'control',
    idempotent: true,
    since: '0.1.0',
    summary: 'The agent takes its own question back. One that is settled stays as it is.',
    payload: () => z.object({ inquiry_id: inquiryId }),
    result: () => one,
  }),
] as const;
