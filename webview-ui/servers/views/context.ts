import type { PanelState } from '../../state/model.ts';
import type { Dispatch } from '../../state/store.ts';
import type { ServersMessage } from '../evolve.ts';
import type { NewServer, ServersState } from '../model.ts';

/** What a person can do in the servers tab. */
export interface ServersActions {
  dispatch(message: ServersMessage): void;
  /** To the panel around the tab. */
  readonly panel: Dispatch;
  toggle(name: string): void;
  toggleTool(tool: string): void;
  toggleLog(name: string): void;
  restart(name: string): void;
  stop(name: string): void;
  turnOff(name: string): void;
  signIn(name: string): void;
  /** With the address that the browser ended at. */
  finishSignIn(name: string, address: string): void;
  cancelSignIn(name: string): void;
  signOut(name: string): void;
  remove(name: string): void;
  keep(): void;
  review(name: string): void;
  setTrial(tool: string | null): void;
  call(): void;
  cancelCall(runId: string): void;
  setAdding(on: boolean): void;
  write(fields: Partial<NewServer>): void;
  add(): void;
}

/** What the views of the servers tab draw, and what they can do. */
export interface ServersContext {
  readonly panel: PanelState;
  readonly state: ServersState;
  readonly act: ServersActions;
}
