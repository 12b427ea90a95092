import { evolveApproval } from '#schema/views/approval-fold.ts';
import type { ApprovalView } from '#schema/views/approval.ts';
import type { CapabilityView } from '#schema/views/capability.ts';
import type { GrantView } from '#schema/views/grant.ts';
import type { Projection } from '#host/store/ports.ts';
import { evolveCapability } from './core/capability.ts';
import { evolveDecider, type DeciderView } from './core/decider.ts';
import { evolveGrant } from './core/grant-view.ts';
import { evolveSettings, type HostSettings } from './core/settings.ts';

const streamKey =
  (type: string) =>
  (event: { stream: { stream_type: string; stream_id: string } }): string | null =>
    event.stream.stream_type === type ? event.stream.stream_id : null;

export const approvalsProjection: Projection<ApprovalView> = {
  table: 'proj_approvals',
  version: 2,
  key: streamKey('approval'),
  evolve: evolveApproval,
  columns: (a) => ({
    workspace_id: a.workspace_id,
    status: a.status,
    run_id: a.run_id,
    principal_id: a.requester.id,
  }),
};

export const grantsProjection: Projection<GrantView> = {
  table: 'proj_grants',
  version: 1,
  key: streamKey('grant'),
  evolve: evolveGrant,
  columns: (g) => ({
    workspace_id: g.workspace_id,
    status: g.status,
    principal_id: g.principal_id,
    action: g.action,
  }),
};

export const capabilitiesProjection: Projection<CapabilityView> = {
  table: 'proj_capabilities',
  version: 1,
  key: streamKey('capability'),
  evolve: evolveCapability,
  columns: (c) => ({ agent_id: c.agent_id, status: c.status }),
};

export const decidersProjection: Projection<DeciderView> = {
  table: 'proj_deciders',
  version: 1,
  key: streamKey('decider'),
  evolve: evolveDecider,
  columns: (d) => ({ status: d.status }),
};

/** One document, `host`: settings, kill switch and palette share it, since the gate reads them together. */
export const SETTINGS_KEY = 'host';
export const settingsStream = { stream_type: 'settings', stream_id: SETTINGS_KEY };
export const settingsProjection: Projection<HostSettings> = {
  table: 'proj_settings',
  version: 1,
  key: streamKey('settings'),
  evolve: evolveSettings,
  columns: () => ({}),
};

export const policyProjections: readonly Projection<unknown>[] = [
  approvalsProjection,
  grantsProjection,
  capabilitiesProjection,
  decidersProjection,
  settingsProjection,
];
