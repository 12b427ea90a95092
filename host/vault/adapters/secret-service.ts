import type { KeyStore } from '../ports.ts';
import { firstOf, noKeyring, runTool, type ToolOptions } from './run-tool.ts';

const places = ['/usr/bin/secret-tool', '/usr/local/bin/secret-tool'];

/**
 * The key in the keyring of a Linux desktop (Secret Service: GNOME Keyring, KWallet, KeePassXC) through
 * `secret-tool` of libsecret, which takes the key on stdin. `vault`: which vault, when there are several.
 */
export const secretService = (vault: string, options: ToolOptions): KeyStore => {
  const attributes = ['application', 'hob', 'vault', vault];
  const secretTool = async (args: readonly string[], input: string) => {
    const file = await firstOf(places);
    if (file === null) throw noKeyring('secret-tool is not installed (package libsecret-tools)');
    return runTool(file, args, input, options);
  };
  return {
    async read() {
      const { code, out, err } = await secretTool(['lookup', ...attributes], '');
      if (code === 0) return out;
      if (err === '') return null;
      throw noKeyring(err);
    },
    async keep(key) {
      const label = ['--label', 'Hob: key of the vault'];
      const { code, err } = await secretTool(['store', ...label, ...attributes], key);
      if (code !== 0) throw noKeyring(err);
    },
  };
};
