import { spawn } from 'node:child_process';
import { access } from 'node:fs/promises';
import { HobError } from '#host/kernel/errors.ts';

/** It may ask a person to unlock the keyring. */
const WAIT_MS = 60_000;

export interface ToolOptions {
  env?: NodeJS.ProcessEnv;
  /** Aborted when the host ends: nobody is asked for it any more. */
  closing: AbortSignal;
}

export interface ToolEnded {
  code: number | null;
  out: string;
  err: string;
}

/** Runs a tool of the system that keeps secrets. What is secret goes in on stdin, never as an argument. */
export const runTool = (
  file: string,
  args: readonly string[],
  input: string,
  { env = process.env, closing }: ToolOptions,
): Promise<ToolEnded> =>
  new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      env,
      stdio: 'pipe',
      timeout: WAIT_MS,
      signal: closing,
      shell: false,
      windowsHide: true,
    });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    child.stdin.on('error', () => {});
    child.once('error', (failure) => reject(noKeyring(failure.message)));
    child.once('close', (code) => resolve({ code, out, err: err.trim() }));
    child.stdin.end(input);
  });

/** The first of these that is there. Never through PATH, which a workspace can change. */
export async function firstOf(places: readonly string[]): Promise<string | null> {
  for (const file of places) {
    const isThere = await access(file).then(
      () => true,
      () => false,
    );
    if (isThere) return file;
  }
  return null;
}

export const noKeyring = (why: string): HobError =>
  new HobError('vault_unavailable', {
    message: `No keyring can be used: ${why.slice(0, 200)}. Other ways: VS Code keeps the key (Hob: Keep a Secret…), a passphrase (hob secret set NAME --passphrase), or a file that only you can read (--key-file).`,
  });
