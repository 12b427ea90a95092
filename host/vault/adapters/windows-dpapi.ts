import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeyStore } from '../ports.ts';
import { writeNew } from './new-file.ts';
import { noKeyring, runTool, type ToolOptions } from './run-tool.ts';

export interface DpapiOptions extends ToolOptions {
  /** Part of the system; another one only in tests. */
  powershell?: string;
}

/** Reads text on stdin and writes text on stdout, whatever the code page is. */
const script = (verb: 'Protect' | 'Unprotect', from: string, to: string): string =>
  `$ErrorActionPreference='Stop';Add-Type -AssemblyName System.Security;$i=[Console]::In.ReadToEnd().Trim();$b=${from};$o=[Security.Cryptography.ProtectedData]::${verb}($b,$null,[Security.Cryptography.DataProtectionScope]::CurrentUser);[Console]::Out.Write(${to})`;
const base64 = { in: '[Convert]::FromBase64String($i)', out: '[Convert]::ToBase64String($o)' };
const ascii = {
  in: '[Text.Encoding]::ASCII.GetBytes($i)',
  out: '[Text.Encoding]::ASCII.GetString($o)',
};
const protect = script('Protect', ascii.in, base64.out);
const unprotect = script('Unprotect', base64.in, ascii.out);

/**
 * The key as Windows encrypts it for its user (DPAPI), in a file beside the vault: good for this user on this machine,
 * worth nothing in a copy. Through the system's PowerShell, the key on stdin. Written from Microsoft's documentation
 * and tried here with a stand-in for PowerShell only: there is no Windows to try it on.
 */
export const windowsDpapi = (
  file: string,
  { powershell = systemPowerShell(process.env), ...options }: DpapiOptions,
): KeyStore => {
  const run = async (command: string, input: string): Promise<string> => {
    const args = ['-NoProfile', '-NonInteractive', '-Command', command];
    const { code, out, err } = await runTool(powershell, args, input, options);
    if (code !== 0) throw noKeyring(err === '' ? `PowerShell ended with ${code}` : err);
    return out.trim();
  };
  return {
    async read() {
      const sealed = await readFile(file, 'utf8').catch((failure: NodeJS.ErrnoException) => {
        if (failure.code === 'ENOENT') return null;
        throw noKeyring(failure.message);
      });
      return sealed === null ? null : run(unprotect, sealed);
    },
    async keep(key) {
      await writeNew(file, await run(protect, key));
    },
  };
};

const systemPowerShell = ({ SystemRoot = String.raw`C:\Windows` }: NodeJS.ProcessEnv): string =>
  join(SystemRoot, 'System32', 'WindowsPowerShell', 'v1.0', 'powershell.exe');
