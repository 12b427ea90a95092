import * as z from 'zod';
import { domainId } from '#schema/envelope/ids.ts';
import type { InquiryText, InquiryView } from '#schema/views/inquiry.ts';
import type { McpSessionContext } from '../session-context.ts';
import { reads, registerTool, type ToolAnswer, type ToolCall, type ToolHost } from '../tool.ts';

const statuses = ['answered', 'pending', 'declined', 'cancelled', 'expired'] as const;

const answerSchema = z.object({
  status: z.enum(statuses),
  inquiry_id: z.string(),
  answer: z.string().nullable(),
  choice: z.number().int().nullable(),
  answered_by: z.string().nullable(),
  next: z.string().optional(),
});

const meanings = {
  answered: 'The person answered.',
  declined: 'The person does not want to answer. Do not ask it again.',
  cancelled: 'It was taken back.',
  expired: 'Nobody answered in time.',
} as const;

/** What an agent is told about its question. */
function answerOf({ inquiry_id, status, answer }: InquiryView): ToolAnswer {
  const about = {
    inquiry_id,
    answer: answer?.text ?? null,
    choice: answer?.choice ?? null,
    answered_by: answer?.source ?? null,
  };
  if (status === 'open') {
    const next = `The person has not answered yet. Call get_answer with inquiry_id "${inquiry_id}": it waits up to 45 seconds. Do not ask again.`;
    return { data: { status: 'pending', ...about, next }, text: `pending: ${next}` };
  }
  const words = answer === null ? meanings[status] : answer.text;
  return { data: { status, ...about }, text: `${status}: ${words}` };
}

const asks = {
  readOnlyHint: false,
  destructiveHint: false,
  idempotentHint: false,
  openWorldHint: false,
};

const inquiryId = domainId('inquiry');
const expiresInS = z.number().int().min(30).max(3_600).optional().describe('Default 600');
const short = z.string().min(1).max(80);

export function questionTools(host: ToolHost, session: McpSessionContext): void {
  /** A call that was sent again after a restart finds the question of its first sending. */
  const ask = async (
    text: InquiryText,
    expires_in_s: number | undefined,
    call: ToolCall,
  ): Promise<ToolAnswer> => {
    session.options.heardOf(session.caller.principal);
    const context = session.context();
    const { inquiry } = await session.commands['inquiry.ask'](
      { ...text, expires_in_s: expires_in_s ?? 600, ref: call.id },
      context,
    );
    return answered(inquiry.inquiry_id, call.waitMs, call);
  };
  const answered = async (
    inquiry_id: string,
    waitMs: number,
    call: ToolCall,
  ): Promise<ToolAnswer> => {
    const wait_ms = Math.min(waitMs, call.waitMs);
    const { inquiry } = await session.commands['inquiry.get'](
      { inquiry_id, wait_ms },
      session.context(),
    );
    return answerOf(inquiry);
  };

  registerTool(host, {
    name: 'ask_user',
    title: 'Ask the person',
    description:
      'Asks the person a question in the editor, and aloud: with choices, an answer in their own words, or both. An answer allows nothing; for permission use request_approval. After 45 s it is "pending": get_answer has it later.',
    input: z.object({
      question: z.string().min(1).max(500),
      choices: z.array(short).max(8).optional(),
      own_words: z
        .boolean()
        .optional()
        .describe('Other words count too; default: only without choices'),
      expires_in_s: expiresInS,
    }),
    output: answerSchema,
    annotations: asks,
    run({ question, choices = [], own_words, expires_in_s }, call) {
      const free_text = own_words ?? choices.length === 0;
      const text = { kind: 'question', question, choices, free_text, phrases: [] } as const;
      return ask({ ...text, choices: [...choices], phrases: [] }, expires_in_s, call);
    },
  });

  registerTool(host, {
    name: 'listen_once',
    title: 'Hear the person once',
    description:
      'Asks the person to say something to you. The person opens the microphone, never you, or types it. Recognised is what is in phrases, else what Hob itself understands. After 45 s it is "pending": get_answer has it later.',
    input: z.object({
      prompt: z.string().min(1).max(500).describe('What you want to hear'),
      phrases: z.array(short).max(64).optional().describe('What the person may say'),
      expires_in_s: expiresInS,
    }),
    output: answerSchema,
    annotations: asks,
    run({ prompt, phrases = [], expires_in_s }, call) {
      const text = { kind: 'listen', question: prompt, choices: [], free_text: true } as const;
      return ask({ ...text, choices: [], phrases }, expires_in_s, call);
    },
  });

  registerTool(host, {
    name: 'get_answer',
    title: 'Get an answer',
    description:
      'What became of a question of yours: the answer, and as choice which of the choices it is, from 0.',
    input: z.object({
      inquiry_id: inquiryId,
      wait_ms: z.number().int().min(0).max(45_000).optional().describe('Default 45000'),
    }),
    output: answerSchema,
    annotations: reads,
    run: ({ inquiry_id, wait_ms }, call) => answered(inquiry_id, wait_ms ?? 45_000, call),
  });

  registerTool(host, {
    name: 'cancel_question',
    title: 'Take a question back',
    description: 'Takes a question of yours back.',
    input: z.object({ inquiry_id: inquiryId }),
    output: z.object({ status: z.string() }),
    annotations: { ...asks, idempotentHint: true },
    async run({ inquiry_id }) {
      const { inquiry } = await session.commands['inquiry.cancel'](
        { inquiry_id },
        session.context(),
      );
      const { data } = answerOf(inquiry);
      return { data: { status: data['status'] } };
    },
  });
}
