import { ownFileEdit } from '../json-config.ts';
import { hookCommand } from '../launch.ts';
import type { AgentSpec } from '../spec.ts';

export const gooseSpec: AgentSpec = {
  agent: 'goose',
  executable: 'goose',
  configFolder: '.config/goose',
  covered: [
    'every tool of Goose and of its extensions, MCP servers among them',
    'a hook that fails, says nothing or runs out of time stops the call (on_failure: block)',
  ],
  notCovered: [
    'versions before 1.38 have no hooks, some after it do not know on_failure: there a broken hook lets the call go on',
    "Goose's own approval mode still asks after Hob says yes",
  ],
  notes: [
    "Goose keeps its extensions in a file of its own: add Hob's tools with goose configure (Add Extension, Command-line), with the command that hob agent links shows.",
    'Hob has this from the documentation and has not run it with Goose.',
  ],
  edits: (launch, { home, join }) => {
    const plugin = join(home, '.agents', 'plugins', 'hob');
    return [
      ownFileEdit(join(plugin, 'plugin.json'), {
        name: 'hob',
        version: '1.0.0',
        description: 'Asks Hob before a tool runs.',
      }),
      ownFileEdit(join(plugin, 'hooks', 'hooks.json'), {
        hooks: {
          PreToolUse: [
            {
              hooks: [
                {
                  type: 'command',
                  command: hookCommand(launch, 'goose'),
                  timeout: 600,
                  on_failure: 'block',
                },
              ],
            },
          ],
        },
      }),
    ];
  },
};
