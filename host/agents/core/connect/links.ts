import type { JsonObject } from '#schema/envelope/json.ts';
import type { InstallLink } from '#schema/views/agent.ts';

/** How a program is started: what every one of the formats below is made of. */
export interface StdioServer {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** The name of Hob's server everywhere; the hooks know its tools by it. */
const NAME = 'hob';

const body = ({ command, args, env }: StdioServer): JsonObject => ({
  command,
  args: [...args],
  ...(env === undefined ? {} : { env: { ...env } }),
});

/** `vscode:mcp/install?<JSON>`: name and server in one object, URL-encoded. */
const vscodeLink = (server: StdioServer): string =>
  `vscode:mcp/install?${encodeURIComponent(JSON.stringify({ name: NAME, ...body(server) }))}`;

/** The server's JSON as base64 beside its name. The base64 is URL-encoded: it may hold `+`, `/` and `=`. */
const cursorLink = (server: StdioServer, toBase64: (text: string) => string): string =>
  `cursor://anysphere.cursor-deeplink/mcp/install?name=${NAME}&config=${encodeURIComponent(toBase64(JSON.stringify(body(server))))}`;

/** A line for a shell that adds the server to Claude Code for this user. `quote` makes one word of it. */
function claudeCommand(server: StdioServer, quote: (word: string) => string): string {
  const env = Object.entries(server.env ?? {}).flatMap(([name, value]) => [
    '-e',
    `${name}=${value}`,
  ]);
  const words = ['--scope', 'user', ...env, NAME, '--', server.command, ...server.args];
  return ['claude', 'mcp', 'add', ...words.map(quote)].join(' ');
}

/** `.mcp.json` of a project: read by Claude Code, Copilot CLI and others. */
const mcpJson = (server: StdioServer): JsonObject => ({
  mcpServers: { [NAME]: { type: 'stdio', ...body(server) } },
});

/** The same server on any machine where `hob` is on the PATH. */
const portable: StdioServer = { command: 'hob', args: ['mcp', '--as', 'project'] };

const file = (content: JsonObject): string => `${JSON.stringify(content, null, 2)}\n`;

/** Every way, for a server that is started as `serverFor` says for a client of that name. */
export const installLinks = (
  serverFor: (client: string) => StdioServer,
  { quote, toBase64 }: { quote: (word: string) => string; toBase64: (text: string) => string },
): InstallLink[] => [
  { id: 'vscode', title: 'VS Code', kind: 'link', text: vscodeLink(serverFor('vscode-mcp')) },
  { id: 'cursor', title: 'Cursor', kind: 'link', text: cursorLink(serverFor('cursor'), toBase64) },
  {
    id: 'claude-code',
    title: 'Claude Code',
    kind: 'command',
    text: claudeCommand(serverFor('claude-code'), quote),
  },
  {
    id: 'mcp-json',
    title: '.mcp.json, for this machine',
    kind: 'file',
    text: file(mcpJson(serverFor('project'))),
  },
  {
    id: 'mcp-json-portable',
    title: '.mcp.json to commit, where everybody has hob on the PATH',
    kind: 'file',
    text: file(mcpJson(portable)),
  },
];
