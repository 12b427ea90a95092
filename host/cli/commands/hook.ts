import { hookedAgents } from '#schema/views/hooked-agents.ts';
import type { CliCommand } from '../command.ts';
import { runHookCommand } from '../run-hook.ts';

/** For people and older installations; connected agents start `hook.js`, which loads less. */
export const hookCommand: CliCommand = {
  name: 'hook',
  usage: 'hook AGENT [EVENT]',
  summary:
    "What an agent's own hook runs: asks the gate about the call on stdin, answers in the agent's dialect.",
  details: [
    `AGENT is one of ${hookedAgents.join(', ')}.`,
    'Whatever goes wrong is answered as a deny.',
  ],
  run: ({ positionals, dataDir }) => runHookCommand([...positionals, '--data-dir', dataDir]),
};
