import type { JsonObject } from '#schema/envelope/json.ts';
import type { RunView } from '#schema/views/run.ts';
import { approvalUri, artifactUri } from './addresses.ts';
import { artifactsOf, askResult, runResult, runText } from './results.ts';

/** What a tool answers: data by its output schema, and the same for models that only read text. */
export interface ToolAnswer {
  data: Record<string, unknown>;
  text?: string;
  /** The call did not do what it is for. */
  isError?: boolean;
  /** Where the client can look at what this is about. */
  link?: { uri: string; name: string; title: string; mimeType: string };
}

/** A finished tools/call as it goes over the wire, in either era. */
export interface ToolResult {
  [key: string]: unknown;
  content: JsonObject[];
  structuredContent?: Record<string, unknown>;
  isError?: boolean;
}

/** `withLinks`: resource links came with 2025-06-18; an older client may refuse the whole result for one. */
export function toolResult(answer: ToolAnswer, withLinks: boolean): ToolResult {
  const { data, text, isError, link } = answer;
  const content: JsonObject[] = [{ type: 'text', text: text ?? JSON.stringify(data) }];
  if (link !== undefined && withLinks) content.push({ type: 'resource_link', ...link });
  return { content, structuredContent: data, ...(isError === true ? { isError } : {}) };
}

/** A failure of a call: a stable code in front, never a protocol error, so that a model can read it. */
export const failedResult = (code: string, message: string): ToolResult => ({
  content: [{ type: 'text', text: `${code}: ${message}` }],
  isError: true,
});

const approvalLink = (approvalId: string | null): Pick<ToolAnswer, 'link'> =>
  approvalId === null
    ? {}
    : {
        link: {
          uri: approvalUri(approvalId),
          name: approvalId,
          title: 'The question',
          mimeType: 'application/json',
        },
      };

/** What was cut, whole. */
function artifactLink(run: RunView): Pick<ToolAnswer, 'link'> {
  const [id] = artifactsOf(run);
  if (id === undefined) return {};
  const link = { uri: artifactUri(id), name: id, title: 'All of it', mimeType: 'text/plain' };
  return { link };
}

/** Answers `run_command` and `get_run`. */
export function runAnswer(run: RunView): ToolAnswer {
  const data = runResult(run);
  // A command that ran and failed did what was asked; one that did not run is an error of the call.
  const isError =
    data.status !== 'pending' && data.status !== 'succeeded' && data.exit_code === undefined;
  return {
    data,
    text: runText(data),
    isError,
    ...(data.status === 'pending' ? approvalLink(run.approval_id) : artifactLink(run)),
  };
}

/** Answers `request_approval`. */
export function askAnswer(run: RunView): ToolAnswer {
  const data = askResult(run);
  const { decision, reason, reason_code, approval_id, next } = data;
  const id = approval_id === null ? '' : ` approval_id ${approval_id}`;
  return {
    data,
    text: `${decision}: ${reason} (${reason_code})${id}${next === undefined ? '' : `\n${next}`}`,
    ...(decision === 'pending' ? approvalLink(approval_id) : {}),
  };
}

/** What the tool that made this run answers: who acts itself asked, the others let it be run. */
export const answerOf = (run: RunView): ToolAnswer =>
  run.runner === 'agent' ? askAnswer(run) : runAnswer(run);
