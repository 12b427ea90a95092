import type { HookedAgent } from '../hook-request.ts';
import type { AgentSpec } from './spec.ts';
import { claudeCodeSpec } from './specs/claude-code.ts';
import { clineSpec } from './specs/cline.ts';
import { codexSpec } from './specs/codex.ts';
import { copilotCliSpec } from './specs/copilot-cli.ts';
import { cursorSpec } from './specs/cursor.ts';
import { geminiSpec } from './specs/gemini.ts';
import { gooseSpec } from './specs/goose.ts';
import { vscodeSpec } from './specs/vscode.ts';

/** Every agent that Hob can connect. */
export const agentSpecs: { readonly [A in HookedAgent]: AgentSpec } = {
  'claude-code': claudeCodeSpec,
  codex: codexSpec,
  vscode: vscodeSpec,
  'copilot-cli': copilotCliSpec,
  cursor: cursorSpec,
  cline: clineSpec,
  gemini: geminiSpec,
  goose: gooseSpec,
};
