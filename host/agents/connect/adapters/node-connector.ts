import { createHash } from 'node:crypto';
import type { AgentRegistry } from '../../registry/service.ts';
import type { Launch } from '../../core/connect/launch.ts';
import { ConnectedAgents } from '../connected-agents.ts';
import { AgentConnector } from '../service.ts';
import { stableLaunch } from './launchers.ts';
import { NodeAgentFinder } from './node-agent-finder.ts';
import { NodeConfigFiles } from './node-config-files.ts';
import { UndoRecordFiles } from './undo-record-files.ts';

export interface NodeConnectorOptions {
  readonly dataDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly launch: Launch;
  readonly registry: AgentRegistry;
  readonly home?: string;
}

/** Everything that connecting an agent needs, on this machine's own files. */
export function nodeConnector({
  dataDir,
  env,
  launch,
  registry,
  home,
}: NodeConnectorOptions): ConnectedAgents {
  const files = new NodeConfigFiles();
  const connector = new AgentConnector({
    files,
    finder: new NodeAgentFinder({ env, ...(home === undefined ? {} : { home }) }),
    undo: new UndoRecordFiles(dataDir, files),
    launch: stableLaunch(dataDir, launch),
    digest: (text) => createHash('sha256').update(text, 'utf8').digest('hex'),
  });
  return new ConnectedAgents({ connector, registry });
}
