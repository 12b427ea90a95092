import { join } from 'node:path';
import type { KeyStore } from '../ports.ts';
import { macKeychain } from './mac-keychain.ts';
import type { ToolOptions } from './run-tool.ts';
import { secretService } from './secret-service.ts';
import { windowsDpapi } from './windows-dpapi.ts';

/** What this system has for keeping the key of the vault in a data folder. */
export function systemKeyring(dataDir: string, options: ToolOptions): KeyStore {
  if (process.platform === 'darwin') return macKeychain(dataDir, options);
  if (process.platform === 'win32') return windowsDpapi(join(dataDir, 'vault-key.dpapi'), options);
  return secretService(dataDir, options);
}
