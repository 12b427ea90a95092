import type * as vscode from 'vscode';
import type { Answers } from '../cards/answer.ts';
import type { Board } from '../cards/board.ts';
import type { Decider } from '../decider/decider.ts';
import type { ReadOnlyDocuments } from '../documents/read-only.ts';
import type { Host } from '../host-process/host.ts';
import type { VaultKey } from '../vault/vault-key.ts';

/** What commands of the palette work with. */
export interface CommandContext {
  readonly host: Host;
  readonly board: Board;
  readonly answers: Answers;
  readonly decider: Decider;
  readonly documents: ReadOnlyDocuments;
  readonly vaultKey: VaultKey;
  readonly panel: { showCard(approvalId?: string): Promise<void> };
  readonly log: vscode.LogOutputChannel;
  readonly windowId: string;
  readonly extensionUri: vscode.Uri;
  readonly extensionVersion: string;
  readonly dataDir: () => string;
}

/** Commands by their id without `hob.`. What they return, `executeCommand` returns. */
export type Commands = Readonly<Record<string, (...args: unknown[]) => unknown>>;
