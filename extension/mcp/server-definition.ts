// Hob as an MCP server of VS Code's own agents, without a file to write.
import * as vscode from 'vscode';
import { notOverMcp } from '../lm/host-tools.ts';

export interface ServerDefinitionOptions {
  /** dist/hob.js of this extension. */
  cliScript: string;
  nodePath: () => string;
  dataDir: () => string;
  /** Changes with every build, so that the editor asks for the tools again. */
  version: string;
  /** Proves this editor's name to the host; null when there is no host to prove it to. */
  token: () => Promise<string | null>;
}

/** Null where the editor is too old to know MCP servers of extensions. */
export function provideMcpServer(options: ServerDefinitionOptions): vscode.Disposable | null {
  // Present in the types, not in every editor that this runs in.
  const { lm } = vscode as { lm?: Partial<typeof vscode.lm> };
  return (
    lm?.registerMcpServerDefinitionProvider?.('hob.mcp', {
      provideMcpServerDefinitions: () => [definition(options)],
      resolveMcpServerDefinition: async (server) => {
        const token = await options.token().catch(() => null);
        if (token !== null && server instanceof vscode.McpStdioServerDefinition) {
          server.env['HOB_AGENT_TOKEN'] = token;
        }
        return server;
      },
    }) ?? null
  );
}

function definition(options: ServerDefinitionOptions): vscode.McpStdioServerDefinition {
  const { cliScript, nodePath, dataDir, version } = options;
  const configured = nodePath();
  const program = configured === '' ? process.execPath : configured;
  const isElectron = configured === '' && process.versions['electron'] !== undefined;
  const env = { HOB_DATA_DIR: dataDir(), ...(isElectron ? { ELECTRON_RUN_AS_NODE: '1' } : {}) };
  const args = [cliScript, 'mcp', '--as', 'vscode-mcp', '--without', notOverMcp];
  return new vscode.McpStdioServerDefinition('Hob', program, args, env, version);
}
