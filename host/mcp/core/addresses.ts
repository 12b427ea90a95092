/*
 * Where an agent finds what through MCP resources. What a list holds and what changes it stands in
 * `resource-changes.ts`.
 */
export const addresses = {
  status: 'hob://status',
  pendingApprovals: 'hob://approvals/pending',
  schedules: 'hob://schedules',
  recentEvents: 'hob://events/recent',
  policy: 'hob://policy',
} as const;

export const templates = {
  approval: 'hob://approvals/{id}',
  schedule: 'hob://schedules/{id}',
  run: 'hob://runs/{id}',
  event: 'hob://events/{seq}',
  artifact: 'hob://artifacts/{id}',
} as const;

export const approvalUri = (id: string): string => `hob://approvals/${id}`;
export const scheduleUri = (id: string): string => `hob://schedules/${id}`;
export const artifactUri = (id: string): string => `hob://artifacts/${id}`;
export const runUri = (id: string): string => `hob://runs/${id}`;
