import type { CliCommand } from '../command.ts';
import { runMcpBridge } from '../mcp-bridge.ts';

/** The token that proves an agent's name. In the environment, since every user may read command lines. */
const TOKEN = 'HOB_AGENT_TOKEN';

export const mcpCommand: CliCommand = {
  name: 'mcp',
  usage: 'mcp [--as NAME] [--without TOOLS]',
  summary: "Serves Hob's tools over MCP on stdin and stdout.",
  details: [
    'For an agent to start, not for people. --as is what the agent calls itself; it is shown as that',
    `until the token of "hob agent add", in the environment as ${TOKEN}, proves the name.`,
    '--without leaves tools out of the list, by name with commas between them: for an agent that has them',
    'by another way. The session goes on when the host restarts.',
  ],
  options: { as: { type: 'string' }, without: { type: 'string' } },
  async run({ values, dataDir, program, out }) {
    const { [TOKEN]: token } = process.env;
    // A host that this starts must not hand the token on to what it runs.
    delete process.env[TOKEN];
    const status = await runMcpBridge({
      dataDir,
      program,
      name: typeof values['as'] === 'string' ? values['as'] : 'unnamed',
      without: typeof values['without'] === 'string' ? values['without'].split(',') : [],
      ...(token === undefined || token === '' ? {} : { token }),
      cwd: process.cwd(),
      stdin: process.stdin,
      stdout: process.stdout,
      log: (line) => out.warn(`hob mcp: ${line}`),
    });
    // Whatever is still under way serves an agent that has gone. What was written has left first.
    process.stdout.write('', () => process.exit(status));
    return status;
  },
};
