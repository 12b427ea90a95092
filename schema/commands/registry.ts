import type * as z from 'zod';
import { agentCommands, configCommands } from './agent.ts';
import { approvalCommands } from './approval.ts';
import { capabilityCommands } from './capability.ts';
import { conversationCommands } from './conversation.ts';
import { hostCommands } from './host.ts';
import { inquiryCommands } from './inquiry.ts';
import { eventCommands, runCommands } from './run.ts';
import { runtimeCommands } from './runtime.ts';
import { schedulerCommands } from './scheduler.ts';
import { secretCommands } from './secret.ts';
import { serverCommands } from './server.ts';
import { voiceCommands } from './voice.ts';

/** Every implemented command, and nothing else. Docs, JSON Schema and the router are made from it. */
export const registry = [
  ...hostCommands,
  ...runtimeCommands,
  ...conversationCommands,
  ...approvalCommands,
  ...runCommands,
  ...eventCommands,
  ...configCommands,
  ...agentCommands,
  ...capabilityCommands,
  ...schedulerCommands,
  ...voiceCommands,
  ...inquiryCommands,
  ...serverCommands,
  ...secretCommands,
] as const;

type Row = (typeof registry)[number];
export type CommandName = Row['name'];
type RowOf<N extends CommandName> = Extract<Row, { name: N }>;
/** What a client may send (defaults may be left out). */
export type CommandInput<N extends CommandName> = z.input<RowOf<N>['payload']>;
/** What a handler receives. */
export type CommandPayload<N extends CommandName> = z.output<RowOf<N>['payload']>;
export type CommandResult<N extends CommandName> = z.output<RowOf<N>['result']>;

const byName = new Map<string, Row>(registry.map((row) => [row.name, row]));

export const commandNames: readonly CommandName[] = registry.map((row) => row.name);

/** The row of a command, or undefined for `unknown_command`. */
export const findCommand = (name: string): Row | undefined => byName.get(name);
