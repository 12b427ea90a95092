// Hob as an MCP server of VS Code's own agents, without a file to write.
import * as vscode from 'vscode';

export interface ServerDefinitionOptions {
  /** dist/hob.js of this extension. */
  cliScript: string;
  nodePath: () => string;
  dataDir: () => string;
  /** Changes with every build, so that the editor asks for the tools again. */
  version: string;
}

/** Null where the editor is too old to know MCP servers of extensions. */
export function provideMcpServer(options: ServerDefinitionOptions): vscode.Disposable | null {
  if (typeof vscode.lm?.registerMcpServerDefinitionProvider !== 'function') return null;
  return vscode.lm.registerMcpServerDefinitionProvider('hob.mcp', {
    provideMcpServerDefinitions: () => [definition(options)],
  });
}

function definition(options: ServerDefinitionOptions): vscode.McpStdioServerDefinition {
  const { cliScript, nodePath, dataDir, version } = options;
  const configured = nodePath();
  const program = configured === '' ? process.execPath : configured;
  const isElectron = configured === '' && process.versions['electron'] !== undefined;
  const env = { HOB_DATA_DIR: dataDir(), ...(isElectron ? { ELECTRON_RUN_AS_NODE: '1' } : {}) };
  const args = [cliScript, 'mcp', '--as', 'vscode'];
  return new vscode.McpStdioServerDefinition('Hob', program, args, env, version);
}
