import { refused } from '../edit.ts';
import { serverEntryEdit, ownScriptEdit } from '../json-config.ts';
import { hookScript, mcpLaunch } from '../launch.ts';
import { OVER_MCP, type AgentSpec } from '../spec.ts';

/** In the script, to know it again. */
const MARK = 'hob-hook cline';

export const clineSpec: AgentSpec = {
  agent: 'cline',
  executable: 'cline',
  configFolder: '.cline',
  configVariable: 'CLINE_DIR',
  covered: [
    'every built-in tool of Cline: shell, files, browser',
    'tools of other MCP servers',
    OVER_MCP,
  ],
  notCovered: [
    'an answer that takes longer than Cline waits (120 s, fixed): Hob says no at 110 s',
    'a hook that Cline cannot start: it then runs the tool',
    'a no ends the whole run of Cline, which does not show why',
  ],
  notes: ['Sessions that are open already see the hook when they start again.'],
  edits(launch, { configDir, join }) {
    const script = ownScriptEdit(
      join(configDir, 'hooks', 'PreToolUse'),
      hookScript(launch, 'cline', MARK, REFUSAL),
      MARK,
    );
    const hook = launch.windows ? { ...script, add: () => refused(NOT_ON_WINDOWS) } : script;
    return [
      hook,
      serverEntryEdit(join(configDir, 'data', 'settings', 'cline_mcp_settings.json'), {
        ...mcpLaunch(launch, 'cline'),
        timeout: 600,
      }),
    ];
  },
};

/** Cline looks at no exit status: what stops a call is on stdout, whatever became of the hook. */
const REFUSAL = {
  cancel: true,
  errorMessage: 'Hob could not answer, so this call was stopped.',
};

const NOT_ON_WINDOWS =
  'On Windows Cline starts hooks through PowerShell, for which Hob has no script.';
