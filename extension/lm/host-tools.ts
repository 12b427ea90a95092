import type { CommandInput } from '#schema/commands/registry.ts';
import type { JsonObject, JsonValue } from '#schema/envelope/json.ts';
import { gateOf, type AsAgent } from './ask-as-agent.ts';
import { told, WAIT_MS } from './gate.ts';

/** A function of the host that the extension gives to the editor's models instead of the MCP server. */
export interface HostTool {
  /** What the editor says while it works. */
  busy(input: JsonObject): string;
  /** What the model is told. What it may send is the host's to judge. */
  run(as: AsAgent, input: JsonObject, signal: AbortSignal, folder?: string): Promise<string>;
}

/** As long as one look at a question waits; the question itself lives longer. */
const LOOK_MS = 45_000;
const SPEAK_MS = 30_000;
/** What the way to the host and back may take on top. */
const SPARE_MS = 30_000;

const wordsOf = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '…');

const askUser: HostTool = {
  busy: ({ question }) => `Asking you: ${wordsOf(question)}`,
  run: (as, { question, choices = [], own_words }, aborted) =>
    as(async (client, options) => {
      const text = { question, choices, free_text: own_words ?? (choices as []).length === 0 };
      const asked = { kind: 'question', ...text } as CommandInput<'inquiry.ask'>;
      let { inquiry } = await client.request('inquiry.ask', asked, options);
      const { inquiry_id } = inquiry;
      const look = { inquiry_id, wait_ms: LOOK_MS };
      const patience = { ...options, timeoutMs: LOOK_MS + SPARE_MS };
      try {
        while (inquiry.status === 'open')
          ({ inquiry } = await client.request('inquiry.get', look, patience));
      } finally {
        // Nobody would hear the answer any more. Settled, it stays as it is.
        if (aborted.aborted) await client.request('inquiry.cancel', { inquiry_id });
      }
      return JSON.stringify({ status: inquiry.status, answer: inquiry.answer?.text ?? null });
    }, aborted),
};

const speakText: HostTool = {
  busy: () => 'Saying something aloud',
  run: (as, { text }, aborted) =>
    as(async (client, options) => {
      const said = { text, wait_ms: SPEAK_MS } as CommandInput<'speech.speak'>;
      const timeoutMs = SPEAK_MS + SPARE_MS;
      const { status } = await client.request('speech.speak', said, { ...options, timeoutMs });
      return JSON.stringify({ status });
    }, aborted),
};

const requestApproval: HostTool = {
  busy: ({ tool }) => `Asking whether it may use ${wordsOf(tool)}`,
  async run(as, { task, ...input }, aborted, folder) {
    const place = folder === undefined ? {} : { cwd: folder };
    const wish = {
      call: { arguments: {}, ...place, ...input },
      ...(task === undefined ? {} : { task }),
      wait_ms: WAIT_MS,
      cancel_on_disconnect: true,
    } as unknown as CommandInput<'approval.request'>;
    return told(await gateOf(as)(wish, aborted), { decision: 'allow' });
  },
};

/** By the name under which package.json contributes them: `hob_` and the name of the MCP tool. */
export const hostTools = {
  hob_ask_user: askUser,
  hob_speak_text: speakText,
  hob_request_approval: requestApproval,
} satisfies Record<string, HostTool>;

/** What the MCP server of this editor does not list, since the extension gives it. */
export const notOverMcp: string = Object.keys(hostTools)
  .map((name) => name.slice('hob_'.length))
  .join(',');
