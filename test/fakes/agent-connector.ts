import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { NodeAgentFinder } from '#host/agents/connect/adapters/node-agent-finder.ts';
import { NodeConfigFiles } from '#host/agents/connect/adapters/node-config-files.ts';
import { UndoRecordFiles } from '#host/agents/connect/adapters/undo-record-files.ts';
import { AgentConnector } from '#host/agents/connect/service.ts';
import type { Launch } from '#host/agents/core/connect/launch.ts';

const somewhere: Launch = {
  node: '/usr/bin/node',
  hook: ['/hob.js', 'hook'],
  mcp: ['/hob.js', 'mcp'],
  options: [],
  windows: false,
};

/** Connects agents on real files: their home is `home` in `root`, what is needed to undo it lies in `data` there. */
export function agentConnector(
  root: string,
  { PATH = '', launch = somewhere }: { PATH?: string; launch?: Launch | undefined } = {},
): AgentConnector {
  const files = new NodeConfigFiles();
  return new AgentConnector({
    files,
    finder: new NodeAgentFinder({ env: { PATH }, home: join(root, 'home') }),
    undo: new UndoRecordFiles(join(root, 'data'), files),
    launch,
    digest: (text) => createHash('sha256').update(text).digest('hex'),
  });
}
