import { spawn } from 'node:child_process';
import { access } from 'node:fs/promises';
import { HobError } from '#host/kernel/errors.ts';
import type { KeyStore } from '../ports.ts';

/** Never through PATH, which a workspace can change. */
const places = ['/usr/bin/secret-tool', '/usr/local/bin/secret-tool'];
/** It may ask a person to unlock the keyring. */
const WAIT_MS = 60_000;

export interface SecretServiceOptions {
  env?: NodeJS.ProcessEnv;
  /** Aborted when the host ends: nobody is asked for it any more. */
  closing: AbortSignal;
}

/**
 * The key in the keyring of a Linux desktop (Secret Service: GNOME Keyring, KWallet, KeePassXC) through
 * `secret-tool` of libsecret, which takes the key on stdin. `vault`: which vault, when there are several.
 */
export const secretService = (
  vault: string,
  { env = process.env, closing }: SecretServiceOptions,
): KeyStore => {
  const attributes = ['application', 'hob', 'vault', vault];
  return {
    async read() {
      const { code, out, err } = await secretTool(['lookup', ...attributes], '', { env, closing });
      if (code === 0) return out;
      if (err === '') return null;
      throw unavailable(err);
    },
    async keep(key) {
      const label = ['--label', 'Hob: key of the vault'];
      const { code, err } = await secretTool(['store', ...label, ...attributes], key, {
        env,
        closing,
      });
      if (code !== 0) throw unavailable(err);
    },
  };
};

async function secretTool(
  args: readonly string[],
  input: string,
  { env, closing }: SecretServiceOptions,
): Promise<{ code: number | null; out: string; err: string }> {
  const file = await program();
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      env,
      stdio: 'pipe',
      timeout: WAIT_MS,
      signal: closing,
      shell: false,
    });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    child.stdin.on('error', () => {});
    child.once('error', (failure) => reject(unavailable(failure.message)));
    child.once('close', (code) => resolve({ code, out, err: err.trim() }));
    child.stdin.end(input);
  });
}

async function program(): Promise<string> {
  if (process.platform === 'linux')
    for (const file of places)
      if (
        await access(file).then(
          () => true,
          () => false,
        )
      )
        return file;
  throw unavailable(
    process.platform === 'linux'
      ? 'secret-tool is not installed (package libsecret-tools)'
      : 'Hob can use the keyring of Linux desktops only',
  );
}

const unavailable = (why: string): HobError =>
  new HobError('vault_unavailable', {
    message: `No keyring can be used: ${why.slice(0, 200)}. Other ways: VS Code keeps the key (Hob: Keep a Secret…), or a file that only you can read (hob secret set NAME --key-file).`,
  });
