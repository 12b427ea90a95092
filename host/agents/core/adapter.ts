import { claudeCodeAdapter } from './adapters/claude-code.ts';
import { clineAdapter } from './adapters/cline.ts';
import { codexAdapter } from './adapters/codex.ts';
import { copilotCliAdapter } from './adapters/copilot-cli.ts';
import { cursorAdapter } from './adapters/cursor.ts';
import { geminiAdapter } from './adapters/gemini.ts';
import { gooseAdapter } from './adapters/goose.ts';
import { vscodeAdapter } from './adapters/vscode.ts';
import type { AgentAdapter, HookedAgent } from './hook-request.ts';

/** Every agent Hob has a dialect for. */
export const agentAdapters: { readonly [A in HookedAgent]: AgentAdapter } = {
  'claude-code': claudeCodeAdapter,
  codex: codexAdapter,
  vscode: vscodeAdapter,
  'copilot-cli': copilotCliAdapter,
  cursor: cursorAdapter,
  cline: clineAdapter,
  gemini: geminiAdapter,
  goose: gooseAdapter,
};
