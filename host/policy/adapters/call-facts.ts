import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { callHashInput, type ActionCall } from '#schema/views/action-call.ts';
import { commandSteps, onlyArgv, type CommandStep } from '../core/commands.ts';
import type { CallFacts } from '../core/facts.ts';
import { placeOf, type Landmarks, type Place } from '../core/places.ts';
import type { Crypto, FactGatherer, WorkspaceFacts } from '../ports.ts';

export interface CallFactsOptions {
  workspaces: WorkspaceFacts;
  crypto: Crypto;
  home: string;
  dataDir: string;
}

/** Gathers facts from the real file system. Every path is resolved through its symlinks first. */
export function callFacts({ workspaces, crypto, home, dataDir }: CallFactsOptions): FactGatherer {
  return {
    async gather({ call, principal, workspace_id }) {
      const [folders, realHome, realDataDir] = await Promise.all([
        Promise.all(workspaces.folders(workspace_id).map(resolveReal)),
        resolveReal(home),
        resolveReal(dataDir),
      ]);
      const landmarks: Landmarks = { folders, home: realHome, dataDir: realDataDir };
      const steps = commandSteps(call);
      const cwd = call.cwd ?? folders[0] ?? null;
      const [places, realCwd] = await Promise.all([
        placesOf(call, steps ?? [], cwd, landmarks),
        call.cwd === undefined ? (folders[0] ?? null) : resolveReal(call.cwd),
      ]);
      const facts: CallFacts = {
        call,
        call_hash: crypto.sha256(callHashInput(call, workspace_id)),
        principal,
        workspace_id,
        trusted: workspaces.trusted(workspace_id),
        steps,
        argv: onlyArgv(steps),
        places,
        cwd_place: realCwd === null ? null : placeOf(realCwd, landmarks),
      };
      return facts;
    },
  };
}

/** Words of a command that could name a file. Too many is harmless: a pattern lands inside the workspace. */
function filesIn({ argv, files }: CommandStep): string[] {
  const words = argv.slice(1).flatMap((word) => {
    if (!word.startsWith('-')) return [word];
    const value = word.indexOf('=');
    return value > 0 ? [word.slice(value + 1)] : [];
  });
  const plausible = words.filter(
    (word) =>
      word !== '' &&
      word.length < 4_096 &&
      !word.includes('\0') &&
      !/^[a-z][a-z0-9+.-]*:\/\//i.test(word),
  );
  return [...files, ...plausible];
}

type Placed = { path: string; place: Place };

async function placesOf(
  call: ActionCall,
  steps: readonly CommandStep[],
  cwd: string | null,
  landmarks: Landmarks,
): Promise<Placed[]> {
  const named = (call.paths ?? []).map((path) => ({ path, from: cwd }));
  const ofSteps = steps.flatMap((step) => {
    const after = (count: number): string | null =>
      step.folders.slice(0, count).reduce<string | null>(within, cwd);
    const visited = step.folders.map((path, i) => ({ path, from: after(i) }));
    const from = after(step.folders.length);
    return [...visited, ...filesIn(step).map((path) => ({ path, from }))];
  });
  const unique = new Map([...named, ...ofSteps].map((item) => [JSON.stringify(item), item]));
  return Promise.all([...unique.values()].map(({ path, from }) => placed(path, from, landmarks)));
}

const within = (at: string | null, folder: string): string | null =>
  at === null && !folder.startsWith('/') ? null : resolve(at ?? '/', folder);

async function placed(path: string, from: string | null, landmarks: Landmarks): Promise<Placed> {
  const isHome = path === '~' || path.startsWith('~/');
  const full = within(from, isHome ? join(landmarks.home, path.slice(1)) : path);
  if (full === null) return { path, place: 'outside' };
  // Both the name and what it leads to count: a key is a key even through a link, and so is a link to one.
  const real = placeOf(await resolveReal(full), landmarks);
  const isKey = real === 'credential' || placeOf(full, landmarks) === 'credential';
  return { path, place: isKey ? 'credential' : real };
}

/** realpath of the deepest part that exists, plus the rest: where a new file would really land. */
export async function resolveReal(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(await resolveReal(parent), basename(path));
  }
}
