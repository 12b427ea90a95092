import type { CapabilityScope } from '#schema/views/capability.ts';

/** What a token is good for, in one line. */
export function scopeText({ actions, zone, workspace_ids, until }: CapabilityScope): string {
  const what = actions === null ? 'every action' : actions.join(', ');
  const far = { sandbox: 'reads only', supervised: 'nothing dangerous', high_stakes: '' }[zone];
  const where = workspace_ids === null ? '' : `${workspace_ids.length} workspaces`;
  const long = until === null ? '' : `until ${until.slice(0, 16).replace('T', ' ')}`;
  return [what, far, where, long].filter((part) => part !== '').join(' · ');
}
