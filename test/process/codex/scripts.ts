/** The scripts that a session of Codex starts, each as one file: it starts some of them many times. */
import { join } from 'node:path';
import { bundleScript } from '../../fakes/bundle-script.ts';

const made = (name: string): Promise<string> =>
  bundleScript(join(import.meta.dirname, `${name}-process.ts`));

const [session, hook, mcp] = await Promise.all(['session', 'hook', 'mcp'].map(made));
export const scripts = { session, hook, mcp } as Record<'session' | 'hook' | 'mcp', string>;
