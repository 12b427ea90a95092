import { UsageError, type CliCommand } from '../command.ts';
import { runMcpBridge } from './mcp.ts';

/** The longest name that the handshake carries. */
const MAX_NAME = 128;

export const mcpCommand: CliCommand = {
  name: 'mcp',
  usage: 'mcp [--as NAME]',
  summary: 'MCP server for an agent, on stdin and stdout.',
  details: [
    '--as NAME          what the agent calls itself; shown as that until a token proves it',
    'HOB_AGENT_TOKEN    the token of hob agent add, in the environment',
  ],
  options: { as: { type: 'string' } },
  run({ values, positionals, dataDir, program, out }) {
    const name = typeof values['as'] === 'string' ? values['as'] : 'mcp';
    if (positionals.length > 0 || name === '' || name.length > MAX_NAME)
      throw new UsageError('Usage: hob mcp [--as NAME]');
    const token = process.env['HOB_AGENT_TOKEN'];
    return runMcpBridge({
      dataDir,
      name,
      ...(token === undefined || token === '' ? {} : { token }),
      program,
      cwd: process.cwd(),
      stdin: process.stdin,
      stdout: process.stdout,
      log: (line) => out.warn(line),
    });
  },
};
