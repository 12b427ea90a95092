import type { RequestStateCodec } from '@modelcontextprotocol/server';
import type { Tasks } from './tasks.ts';
import type { AskedFor, Era } from './tool-calls.ts';
import type { ToolHost } from './tool.ts';

/** More tools, prompts, resources and tasks than the product offers: for suites that test the protocol itself. */
export type McpExtension = (
  host: ToolHost,
  facts: { era: Era; codec: RequestStateCodec<AskedFor> },
) => Tasks;
