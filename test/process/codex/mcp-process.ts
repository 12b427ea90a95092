/** `node mcp-process.ts LOG`: an MCP server with two tools that notes each call in LOG. */
import { appendFileSync } from 'node:fs';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';

const log = process.argv[2] as string;
const server = new McpServer({ name: 'test', version: '0' });
for (const tool of ['get_status', 'read_text']) {
  server.registerTool(tool, { description: tool }, () => {
    appendFileSync(log, `${tool}\n`);
    return { content: [{ type: 'text', text: `${tool} answered` }] };
  });
}
await server.connect(new StdioServerTransport());
