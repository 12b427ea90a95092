import type { PanelState } from '../../state/model.ts';
import type { ServersState } from '../model.ts';
import type { Servers } from '../servers.ts';

/** What the views of the servers tab draw, and what they can do. */
export interface ServersContext {
  readonly panel: PanelState;
  readonly state: ServersState;
  readonly act: Servers;
}
