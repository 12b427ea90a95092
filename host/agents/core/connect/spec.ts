import type { HookedAgent } from '../hook-request.ts';
import type { ConfigEdit } from './edit.ts';
import type { Launch } from './launch.ts';

/** Where things are on this machine. Environment variables that move an agent's folder are resolved already. */
export interface AgentPlaces {
  readonly home: string;
  /** What the agent's own variable names (`CODEX_HOME` …), or the default below the home folder. */
  readonly configDir: string;
  readonly join: (...parts: readonly string[]) => string;
}

/** Said of every agent that Hob gives its MCP server to. */
export const OVER_MCP = "Hob's tools over MCP";

/** What Hob knows about connecting one agent, and says about it. */
export interface AgentSpec {
  readonly agent: HookedAgent;
  readonly executable: string;
  readonly configFolder: string;
  /** The environment variable that names another folder, where there is one. */
  readonly configVariable?: string;
  /** The one that names another home, where there is one. */
  readonly homeVariable?: string;
  readonly covered: readonly string[];
  readonly notCovered: readonly string[];
  readonly notes: readonly string[];
  edits(launch: Launch, places: AgentPlaces): readonly ConfigEdit[];
}
