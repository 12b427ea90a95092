import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { callHashInput, type ActionCall } from '#schema/views/action-call.ts';
import { shellWords } from '#host/kernel/shell-words.ts';
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
      const folders = await Promise.all(workspaces.folders(workspace_id).map(resolveReal));
      const landmarks: Landmarks = {
        folders,
        home: await resolveReal(home),
        dataDir: await resolveReal(dataDir),
      };
      const argv = wordsOf(call);
      const cwd = call.cwd ?? folders[0] ?? null;
      const facts: CallFacts = {
        call,
        call_hash: crypto.sha256(callHashInput(call, workspace_id)),
        principal,
        workspace_id,
        trusted: workspaces.trusted(workspace_id),
        argv,
        places: await placesOf(pathsOf(call, argv), cwd, landmarks),
        cwd_place: cwd === null ? null : placeOf(await resolveReal(cwd), landmarks),
      };
      return facts;
    },
  };
}

function wordsOf(call: ActionCall): readonly string[] | null {
  if (call.argv !== undefined) return call.argv;
  if (call.command_line === undefined) return null;
  const words = shellWords(call.command_line);
  return words.kind === 'simple' ? words.argv : null;
}

/** Everything in a call that could name a file. Too many is harmless: a pattern lands inside the workspace. */
function pathsOf(call: ActionCall, argv: readonly string[] | null): string[] {
  const words = (argv ?? []).slice(1).flatMap((word) => {
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
  return [...(call.paths ?? []), ...plausible];
}

async function placesOf(
  paths: readonly string[],
  cwd: string | null,
  landmarks: Landmarks,
): Promise<{ path: string; place: Place }[]> {
  const unique = [...new Set(paths)];
  return Promise.all(
    unique.map(async (path) => {
      const home =
        path === '~' || path.startsWith('~/') ? join(landmarks.home, path.slice(1)) : path;
      if (cwd === null && !home.startsWith('/')) return { path, place: 'outside' as const };
      const named = resolve(cwd ?? '/', home);
      // Both the name and what it leads to count: a key is a key even through a link, and so is a link to one.
      const strictest = [placeOf(await resolveReal(named), landmarks), placeOf(named, landmarks)];
      return {
        path,
        place: strictest.includes('credential') ? 'credential' : (strictest[0] ?? 'outside'),
      };
    }),
  );
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
