import { HostCallError, LinkError } from '#schema/client/errors.ts';
import type { LinkState } from '#schema/client/host-link.ts';

/** How this window reaches the host, as people read it. */
export interface HostState {
  readonly kind: 'connecting' | 'connected' | 'reconnecting' | 'fatal' | 'incompatible';
  /** Why, and what to do; null when there is nothing to add. */
  readonly detail: string | null;
}

/** What the two connections come to. `wasConnected`: it worked before in this window. */
export function hostStateOf(
  extension: LinkState,
  panel: LinkState,
  wasConnected: boolean,
): HostState {
  if (extension.state === 'fatal') return ended(extension.failure);
  if (extension.state === 'connected') {
    if (panel.state === 'connected') return { kind: 'connected', detail: null };
    if (panel.state === 'fatal') return ended(panel.failure);
  }
  const kind = wasConnected ? 'reconnecting' : 'connecting';
  if (extension.state !== 'waiting') return { kind, detail: null };
  const seconds = Math.max(1, Math.round(extension.delayMs / 1_000));
  return { kind, detail: `${extension.failure.message} Trying again in ${seconds} s.` };
}

function ended(failure: Error): HostState {
  return isOtherVersion(failure)
    ? { kind: 'incompatible', detail: `${failure.message} Update Hob in this editor.` }
    : { kind: 'fatal', detail: failure.message };
}

const isOtherVersion = (failure: Error): boolean =>
  (failure instanceof LinkError && failure.code === 'host_too_new') ||
  (failure instanceof HostCallError && failure.code === 'unsupported_version');
