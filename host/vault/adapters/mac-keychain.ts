import type { KeyStore } from '../ports.ts';
import { noKeyring, runTool, type ToolOptions } from './run-tool.ts';

export interface KeychainOptions extends ToolOptions {
  /** Part of the system; another one only in tests. */
  security?: string;
}

/** errSecItemNotFound, as `security` ends with it. */
const NOT_FOUND = 44;
const SERVICE = 'Hob: key of the vault';

/**
 * The key in the login keychain of macOS, through the system's `security`. Its commands go in on stdin (`-i`): as an
 * argument everybody on the machine could read the key. Written from Apple's manual page and tried here with a
 * stand-in for that program only: there is no Mac to try it on.
 */
export const macKeychain = (
  vault: string,
  { security = '/usr/bin/security', ...options }: KeychainOptions,
): KeyStore => ({
  async read() {
    const args = ['find-generic-password', '-s', SERVICE, '-a', vault, '-w'];
    const { code, out, err } = await runTool(security, args, '', options);
    if (code === 0) return out.trim();
    if (code === NOT_FOUND) return null;
    throw noKeyring(err === '' ? `security ended with ${code}` : err);
  },
  async keep(key) {
    const words = ['add-generic-password', '-s', SERVICE, '-a', vault, '-w', key];
    const line = `${words.map(quoted).join(' ')}\n`;
    const { err } = await runTool(security, ['-i'], line, options);
    // With -i its exit status says nothing; that the key can be read again is what counts, and is looked at.
    if (err !== '') throw noKeyring(err);
  },
});

const quoted = (word: string): string => `"${word.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
