import { shellCommands, type PlainCommand } from '#host/kernel/shell-words.ts';
import type { ActionCall } from '#schema/views/action-call.ts';

/** One program that a call starts. */
export interface CommandStep {
  argv: readonly string[];
  /** `cd` targets before it, in order; each is relative to the one before. */
  folders: readonly string[];
  /** Files that redirections write or read. */
  files: readonly string[];
  writes: boolean;
}

/**
 * Every program that a call starts, when that can be told for sure; null when it cannot. `cd` counts
 * only where a failing one stops the rest (`cd x && …`), since afterwards paths mean something else.
 */
export function commandSteps(call: ActionCall): readonly CommandStep[] | null {
  if (call.argv !== undefined) return [{ argv: call.argv, folders: [], files: [], writes: false }];
  if (call.command_line === undefined) return null;
  const commands = shellCommands(call.command_line);
  return commands === null ? null : withFolders(commands);
}

function withFolders(commands: readonly PlainCommand[]): readonly CommandStep[] | null {
  const steps: CommandStep[] = [];
  let folders: readonly string[] = [];
  for (const [index, { argv, after, writes, reads }] of commands.entries()) {
    if (argv[0] !== 'cd') {
      steps.push({ argv, folders, files: [...writes, ...reads], writes: writes.length > 0 });
      continue;
    }
    const [, target, ...more] = argv;
    const next = commands[index + 1]?.after ?? '&&';
    const isPlain = target !== undefined && more.length === 0 && !target.startsWith('-');
    const isSequential = (after === '' || after === '&&') && next === '&&';
    if (!isPlain || !isSequential || writes.length + reads.length > 0) return null;
    folders = [...folders, target];
  }
  return steps;
}

/** The words of a call that is exactly one program and touches no file by redirection; null otherwise. */
export function onlyArgv(steps: readonly CommandStep[] | null): readonly string[] | null {
  const [first, ...others] = steps ?? [];
  const isOne = first !== undefined && others.length === 0;
  return isOne && first.files.length === 0 && first.folders.length === 0 ? first.argv : null;
}
