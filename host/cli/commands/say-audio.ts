import { resolve } from 'node:path';
import type { HostClient } from '#schema/client/host-client.ts';
import type { CommandResult } from '#schema/commands/registry.ts';

export type HeardFile = CommandResult<'conversation.inject_audio'>;

/** A WAV file as the microphone of one turn. */
export const injectAudio = (
  client: HostClient,
  file: string,
  how: { dry_run: boolean; wait_ms: number; paced?: boolean },
  workspace?: string,
): Promise<HeardFile> =>
  client.request(
    'conversation.inject_audio',
    { path: resolve(file), ...how },
    workspace === undefined ? {} : { workspaceId: workspace },
  );
