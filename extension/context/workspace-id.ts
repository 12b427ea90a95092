import { createHash } from 'node:crypto';
import { DEFAULT_WORKSPACE } from '#schema/envelope/ids.ts';

/** What names a workspace: the file of a multi-root one, else its folder. Both as URIs. */
export interface WorkspaceUris {
  readonly file: string | undefined;
  readonly folders: readonly string[];
}

/** `ws_` and 16 hex digits of a hash of the URI: the same folder has the same id in every window and every day. */
export function workspaceId({ file, folders }: WorkspaceUris): string {
  const uri = file ?? folders[0];
  if (uri === undefined) return DEFAULT_WORKSPACE;
  return `ws_${createHash('sha256').update(uri).digest('hex').slice(0, 16)}`;
}
