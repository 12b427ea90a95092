// The composition root of the extension: everything is made here, from top to bottom, and nothing waits
// for the host. Own activation is to stay under 50 ms, so what needs zod is imported when it is used.
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import * as vscode from 'vscode';
import { buildLabel } from '#schema/client/build-label.ts';
import { resolveDataDir } from '#schema/client/data-dir.ts';
import { Answers } from './cards/answer.ts';
import { Board } from './cards/board.ts';
import { agentCommands } from './commands/agents.ts';
import { decideCommands } from './commands/decide.ts';
import { demoCommands } from './commands/demo.ts';
import { hostCommands } from './commands/host.ts';
import type { CommandContext } from './commands/ports.ts';
import { registerCommands } from './commands/register.ts';
import { ruleCommands } from './commands/rules.ts';
import { sayCommands } from './commands/say.ts';
import { secretCommands } from './commands/secrets.ts';
import { TaskList } from './context/task-list.ts';
import { WindowContext } from './context/window-context.ts';
import { workspaceId } from './context/workspace-id.ts';
import { Decider } from './decider/decider.ts';
import { KeyStore } from './decider/key-store.ts';
import { ReadOnlyDocuments } from './documents/read-only.ts';
import { tellWhenFatal } from './host-process/fatal-message.ts';
import { Host } from './host-process/host.ts';
import { storedIn } from './host-process/stored.ts';
import { asAgent } from './lm/ask-as-agent.ts';
import { provideLanguageModelTools } from './lm/language-model-tools.ts';
import { agentToken } from './mcp/agent-token.ts';
import { provideMcpServer } from './mcp/server-definition.ts';
import { PanelView } from './panel/panel-view.ts';
import { ToolCalls, type ToolCallsOptions } from './runner/tool-calls.ts';
import { ContextKeys } from './status/context-keys.ts';
import { Notifications } from './status/notifications.ts';
import { StatusBar } from './status/status-bar.ts';
import { offerHobCommand } from './terminal/hob-command.ts';
import { VaultKey } from './vault/vault-key.ts';
import { TalkService } from './voice/talk-service.ts';
import { voiceCommands } from './voice/voice-commands.ts';
import { VoiceSettings } from './voice/voice-settings.ts';
import { VoiceStatus } from './voice/voice-status.ts';

/** What the extension says of itself to other extensions: nothing but how it is. */
export interface Api {
  /** Milliseconds that `activate` took. */
  readonly activationMs: number;
  /** This window, as the host knows it. */
  readonly windowId: string;
  readonly workspaceId: string;
  readonly hostState: () => string;
}

/** Names of the editor tools come with zod, so they are loaded after activation. */
const toolNames = async (): Promise<readonly string[]> =>
  (await import('#schema/views/editor-tools.ts')).editorToolNames;

type RunTool = ToolCallsOptions['run'];

/** The tools bring zod as well; they are loaded for the first call. */
async function loadTools(): Promise<RunTool> {
  const [{ runTool }, { windowTools }] = await Promise.all([
    import('./runner/run-tool.ts'),
    import('./runner/tools/index.ts'),
  ]);
  const tools = windowTools();
  return (tool, args, signal) => runTool(tools, tool, args, { signal });
}

export function activate(extension: vscode.ExtensionContext): Api {
  const started = performance.now();
  const own = <T extends vscode.Disposable>(thing: T): T => {
    extension.subscriptions.push(thing);
    return thing;
  };
  const setting = (name: string): string =>
    vscode.workspace.getConfiguration('hob').get<string>(name, '').trim();
  const nodePath = (): string => setting('host.nodePath');
  const dataDir = (): string => resolveDataDir(setting('dataDir') || undefined);
  const dist = (name: string): string =>
    vscode.Uri.joinPath(extension.extensionUri, 'dist', name).fsPath;

  const log = own(vscode.window.createOutputChannel('Hob', { log: true }));
  const windowId = `win_${randomUUID()}`;
  const workspace = workspaceId({
    file: vscode.workspace.workspaceFile?.toString(),
    folders: (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.toString()),
  });
  const documents = own(new ReadOnlyDocuments());

  const host = own(
    new Host({ hostScript: dist('host.js'), dataDir, nodePath, workspaceId: workspace, log }),
  );
  const decider = own(
    new Decider({
      keys: new KeyStore({
        secrets: extension.secrets,
        lockDir: extension.globalStorageUri.fsPath,
      }),
      label: `${vscode.env.appName} on ${hostname()}`.slice(0, 128),
      workspaceId: workspace,
      log,
    }),
  );
  const board = own(new Board(host, log));
  const answers = new Answers(host, decider);

  const { extensionUri } = extension;
  const panel: PanelView = own(
    new PanelView({
      extensionUri,
      host,
      decider,
      documents,
      windowId,
      log,
      onTalk: (act) => talk.act(act),
      onTalkAnswer: (inquiryId) => talk.answer(inquiryId),
    }),
  );
  const voiceSettings = own(new VoiceSettings({ host, memory: extension.globalState, log }));
  const voiceStatus = own(new VoiceStatus({ host, windowId, panelVisible: () => panel.visible }));
  const talk = own(
    new TalkService({
      host,
      decider,
      windowId,
      setting: () => voiceSettings.talk,
      now: Date.now,
      newId: randomUUID,
      onProblem: (error) => {
        panel.tellTalkProblem(error);
        if (error !== null) voiceStatus.problem(error);
      },
      log,
    }),
  );
  own(new StatusBar(host, board));
  own(new Notifications({ host, board, answers, workspaceId: workspace, panel }));
  own(new ContextKeys(host, board, log));
  own(tellWhenFatal(host));

  const context = own(
    new WindowContext({
      windowId,
      workspaceId: workspace,
      tasks: own(new TaskList()),
      capabilities: toolNames,
      panelVisible: () => panel.visible,
      onDidChangePanel: panel.onDidChangeVisibility,
      send: (now) => host.request('client.context_set', now),
      log,
    }),
  );
  let tools: Promise<RunTool> | undefined;
  const toolCalls = own(
    new ToolCalls({
      run: async (tool, args, signal) => (await (tools ??= loadTools()))(tool, args, signal),
      send: (command, payload) => host.request(command, payload),
      now: Date.now,
      log,
    }),
  );

  const vaultKey = new VaultKey({
    secrets: extension.secrets,
    dataDir,
    warn: (text) => log.warn(text),
  });
  host.prepare((client, facts) => decider.enrol(client, facts));
  host.prepare((client) => vaultKey.unlock(client));
  host.prepare((client) => context.introduce(client));
  own(host.onEvent((event) => toolCalls.onEvent(event)));
  own(
    host.onEvent((event) => {
      const stored = storedIn(event);
      if (stored?.event_type !== 'decider.enrolled') return;
      const { decider_id: id } = stored.data;
      if (typeof id === 'string') decider.approved(id);
    }),
  );

  const { version } = extension.extension.packageJSON as { version: string };
  const commands: CommandContext = {
    host,
    board,
    answers,
    decider,
    documents,
    vaultKey,
    panel,
    log,
    windowId,
    extensionUri,
    extensionVersion: version,
    dataDir,
  };
  own(
    registerCommands(
      {
        ...hostCommands(commands),
        ...sayCommands(commands),
        ...secretCommands(commands),
        ...decideCommands(commands),
        ...ruleCommands(commands),
        ...agentCommands(commands),
        ...demoCommands(commands),
        ...voiceCommands({ host, talk, windowId }),
      },
      log,
    ),
  );
  const cliScript = dist('hob.js');
  const token = (): Promise<string | null> =>
    agentToken({
      secrets: extension.secrets,
      storeId: () => host.facts?.store_id ?? null,
      request: (command, payload) => host.request(command, payload),
      display: `${vscode.env.appName} (MCP)`,
    });
  const mcp = provideMcpServer({
    token,
    cliScript,
    nodePath,
    dataDir,
    version: build(cliScript, version),
  });
  if (mcp !== null) own(mcp);
  const lmTools = provideLanguageModelTools(asAgent({ dataDir, token, workspaceId: workspace }));
  if (lmTools !== null) own(lmTools);

  host.start();
  offerHobCommand(extension, {
    node: nodePath() || process.execPath,
    isElectron: nodePath() === '' && process.versions['electron'] !== undefined,
    script: cliScript,
    dataDir: setting('dataDir') || null,
  }).catch((failure: unknown) =>
    log.warn(`hob cannot be started in terminals: ${String(failure)}`),
  );
  const activationMs = performance.now() - started;
  log.info(`activated in ${activationMs.toFixed(1)} ms`);
  return { activationMs, windowId, workspaceId: workspace, hostState: () => host.state.kind };
}

/** The build's own label; the version alone where there is no such program. */
function build(script: string, version: string): string {
  try {
    return buildLabel(script);
  } catch {
    return version;
  }
}

/** Disposal of the subscriptions closes both connections; the host lives on for others. */
export function deactivate(): void {
  // Everything is owned by the extension's context.
}
