import { claudeCodeAdapter } from './adapters/claude-code.ts';
import { codexAdapter } from './adapters/codex.ts';
import { vscodeAdapter } from './adapters/vscode.ts';
import type { AgentAdapter, HookedAgent } from './hook-request.ts';

/** Every agent Hob has a dialect for. */
export const agentAdapters: { readonly [A in HookedAgent]: AgentAdapter } = {
  codex: codexAdapter,
  'claude-code': claudeCodeAdapter,
  vscode: vscodeAdapter,
};
