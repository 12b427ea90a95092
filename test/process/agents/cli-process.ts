/**
 * Runs in its own process (and, where the system allows, without any network): the scripted model
 * and one real agent CLI talking to it. Reads a CliSession as JSON from the file in argv, prints one
 * CliResult as JSON.
 */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { startScriptedModel, type ModelStep, type ToolResult } from '../../fakes/scripted-model.ts';

/** `{{model}}` in arguments, variables and the named files is the address of the scripted model. */
export interface CliSession {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly steps: readonly ModelStep[];
  readonly files: readonly string[];
  /** Speaks the Agent Client Protocol with it, as an editor does, and agrees to all it asks. */
  readonly acp?: true;
}

export interface CliResult {
  readonly exit: number | null;
  readonly output: string;
  readonly stderr: string;
  readonly toolResults: readonly ToolResult[];
  readonly unknownPaths: readonly string[];
}

interface AcpMessage {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly options?: readonly { kind: string; optionId: string }[] };
  readonly result?: { readonly sessionId?: string };
}

const session = JSON.parse(readFileSync(process.argv[2] as string, 'utf8')) as CliSession;
const model = await startScriptedModel(session.steps);
const address = model.baseUrl.replace(/\/v1$/, '');
const filled = (text: string): string => text.replaceAll('{{model}}', address);
const [program = '', ...args] = session.command.map(filled);
for (const file of session.files) writeFileSync(file, filled(readFileSync(file, 'utf8')));
const child = spawn(program, args, {
  cwd: session.cwd,
  env: Object.fromEntries(
    Object.entries(session.env).map(([name, value]) => [name, filled(value)]),
  ),
  stdio: ['pipe', 'pipe', 'pipe'],
});
let output = '';
let stderr = '';
child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
if (session.acp === true) askAsEditor();
else child.stdin.end();
// What it leaves behind keeps its pipes open: its own end is what counts.
const exit = await new Promise<number | null>((resolve, reject) => {
  child.on('error', reject);
  child.on('exit', resolve);
});
await new Promise((resolve) => setTimeout(resolve, 50));
const result: CliResult = {
  exit,
  output,
  stderr,
  toolResults: model.toolResults(),
  unknownPaths: model.unknownPaths(),
};
process.stdout.write(JSON.stringify(result), () => process.exit(0));

/** One prompt of an editor; each answer brings the next request, and the last one ends it. */
function askAsEditor(): void {
  const say = (message: object): void => {
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  };
  const next = (id: number, result: { sessionId?: string }): void => {
    const { cwd } = session;
    const prompt = [{ type: 'text', text: 'do it' }];
    if (id === 1) say({ id: 2, method: 'session/new', params: { cwd, mcpServers: [] } });
    else if (id === 2)
      say({ id: 3, method: 'session/prompt', params: { sessionId: result.sessionId, prompt } });
    else child.kill('SIGKILL');
  };
  createInterface({ input: child.stdout }).on('line', (line) => {
    const message = JSON.parse(line) as AcpMessage;
    if (message.method === 'session/request_permission') {
      const optionId = message.params?.options?.find(({ kind }) => kind === 'allow_once')?.optionId;
      say({ id: message.id, result: { outcome: { outcome: 'selected', optionId } } });
    } else if (message.method === undefined && typeof message.id === 'number')
      next(message.id, message.result ?? {});
  });
  say({ id: 1, method: 'initialize', params: { protocolVersion: 1, clientCapabilities: {} } });
}
