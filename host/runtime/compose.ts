import { homedir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_WORKSPACE } from '#schema/envelope/ids.ts';
import type { Principal } from '#schema/envelope/principal.ts';
import type { DomainEvent } from '#schema/events/domain-events.ts';
import { nodeConnector } from '#host/agents/connect/adapters/node-connector.ts';
import { agentSpecs } from '#host/agents/core/connect/agents.ts';
import { isHookedAgent } from '#host/agents/core/hook-request.ts';
import { HookQuestions } from '#host/agents/hook-questions.ts';
import { AgentRegistry } from '#host/agents/registry/service.ts';
import { ConversationService } from '#host/conversation/service.ts';
import { mcpSessions } from '#host/mcp/server/sessions.ts';
import type { Connection } from '#host/ipc/ports.ts';
import {
  ApprovalService,
  hostPrincipal,
  type ApprovalFollower,
} from '#host/policy/approvals/service.ts';
import { callFacts } from '#host/policy/adapters/call-facts.ts';
import { nodeCrypto } from '#host/policy/adapters/node-crypto.ts';
import { verifyAudit } from '#host/policy/audit.ts';
import { Deciders } from '#host/policy/deciders.ts';
import { revokeGrantsOf } from '#host/policy/grants.ts';
import { commandTimeoutOf } from '#host/policy/core/settings.ts';
import { settingWatch, SettingsService } from '#host/policy/settings-service.ts';
import { agentHandlers } from '#host/router/handlers/agent.ts';
import { approvalHandlers } from '#host/router/handlers/approval.ts';
import { conversationHandlers } from '#host/router/handlers/conversation.ts';
import { policyHandlers } from '#host/router/handlers/policy.ts';
import { runHandlers } from '#host/router/handlers/run.ts';
import { runtimeHandlers, runtimeStatus } from '#host/router/handlers/runtime.ts';
import type { CallContext } from '#host/router/ports.ts';
import { fileArtifacts } from '#host/runs/adapters/file-artifacts.ts';
import { EditorWindows } from '#host/runs/editors/windows.ts';
import { CommandRunner } from '#host/runs/runners/command/command-runner.ts';
import { EditorRunner } from '#host/runs/runners/editor/editor-runner.ts';
import { runsProjection } from '#host/runs/projections.ts';
import { RunService } from '#host/runs/service.ts';
import { createRedactor } from '#host/store/core/redact.ts';
import { openSqliteStore } from '#host/store/adapters/sqlite/store.ts';
import { approvalWaiter } from './approval-waiter.ts';
import { authenticator } from './authenticate.ts';
import { thisProgram } from './this-program.ts';
import type { Compose, HostCore, HostCoreOptions } from './ports.ts';
import { projections } from './projections.ts';
import { Visibility } from './visibility.ts';

/**
 * The composition root: the only place that names adapters, from the store up to the handlers.
 * Reads from top to bottom; everything below receives what it needs.
 */
export const compose: Compose = async (options: HostCoreOptions): Promise<HostCore> => {
  const { dataDir, clock, ids, log, instanceId, build } = options;
  const program = thisProgram();
  let draining = false;

  // Nothing is handed to the host yet that it would have to know as a secret; shapes are found all the same.
  const knownSecrets = (): readonly string[] => [];
  const store = await openSqliteStore({
    file: join(dataDir, 'events.db'),
    clock,
    ids,
    projections,
    knownSecrets,
    log,
    verifyWorker: program.verifyWorker,
  });
  const visibility = new Visibility();
  store.onAppended((events) => {
    for (const event of events) visibility.note(event);
  });

  // Policy
  const crypto = nodeCrypto;
  const windows = new EditorWindows();
  const facts = callFacts({ workspaces: windows, crypto, home: homedir(), dataDir });
  const deciders = new Deciders({ store, clock, ids, crypto, instanceId });
  const settings = new SettingsService(store, deciders);

  // Runs and approvals need each other: approvals follow into runs inside one transaction.
  const artifacts = fileArtifacts({
    dir: join(dataDir, 'artifacts'),
    store,
    ids,
    log,
    redact: createRedactor(knownSecrets),
  });
  const commandTimeout = await settingWatch(store, settings, commandTimeoutOf);
  const commandRunner = new CommandRunner({
    folders: (workspaceId) => windows.folders(workspaceId),
    env: process.env,
    clock,
    artifacts,
    timeoutMs: commandTimeout,
  });
  const editorRunner = new EditorRunner({
    windows,
    clock,
    ids,
    timeoutMs: () => EDITOR_TIMEOUT_MS,
  });
  const runs: RunService = new RunService({
    store,
    clock,
    ids,
    crypto,
    log,
    facts,
    workspaces: windows,
    runners: { host: commandRunner, editor: editorRunner },
    accepting: () => !draining,
    cancelApproval: (id, reason) => approvals.cancel(id, reason),
    watchApproval: (approval) => approvals.watch(approval),
  });
  const follower: ApprovalFollower = {
    beforeApprove: (approval) => runs.beforeApprove(approval),
    async approved(tx, approval, prepared, context) {
      if (approval.call.action === 'decider.enroll') await deciders.approved(tx, approval, context);
      return runs.approved(tx, approval, prepared, context);
    },
    refused: (tx, approval, context) => runs.refused(tx, approval, context),
  };
  const approvals: ApprovalService = new ApprovalService({
    store,
    clock,
    ids,
    crypto,
    log,
    follower,
  });

  // Agents
  const registry = new AgentRegistry({
    store,
    clock,
    ids,
    log,
    displayOf: (name) => (isHookedAgent(name) ? agentSpecs[name].display : name),
  });
  const connector = nodeConnector({
    dataDir,
    env: process.env,
    launch: program.launch(dataDir),
    registry,
  });
  const connections = new Map<string, Connection>();
  const cutOff = async (principalId: string, by: Principal): Promise<void> => {
    await revokeGrantsOf(store, principalId, by);
    for (const connection of connections.values())
      if (connection.principal.id === principalId) connection.close('token_revoked');
    mcp.cutOff(principalId);
  };

  const setKillSwitch = async (reason: string, by: Principal): Promise<void> => {
    await settings.setKillSwitch(true, reason, {}, by);
    runs.abortAll('kill_switch');
  };
  const workspaceFor = (context: CallContext, cwd: string | undefined): string =>
    windows.resolve(context.workspace_id, DEFAULT_WORKSPACE, cwd);
  const statusSource = {
    store,
    settings,
    phase: () => options.phase(),
    executing: () => runs.executing,
    windows: () => windows.all.length,
    clients: () => connections.size,
    deciders: async () => (await deciders.list()).length,
    async agents() {
      const agents = await connector.withCoverage(await registry.list());
      return { total: agents.length, not_gated: agents.filter((a) => !a.coverage.gated).length };
    },
    verify: () => verifyAudit(store, crypto),
  };
  const conversation = new ConversationService({
    store,
    clock,
    ids,
    crypto,
    gate: runs,
    workspaces: {
      resolve: (workspaceId, windowId) =>
        windows.all.find((w) => w.context.window_id === windowId)?.workspace_id ??
        windows.resolve(workspaceId, DEFAULT_WORKSPACE, undefined),
      tasks: (workspaceId) =>
        windows.lastFocused(workspaceId)?.context.tasks.map((t) => t.name) ?? [],
    },
    killSwitch: { turnOn: setKillSwitch },
    status: { status: () => runtimeStatus(statusSource) },
    visibleTo: (principal, event) => visibility.visibleTo(principal, event),
  });

  const handlers: HostCore['handlers'] = {
    ...runtimeHandlers(statusSource),
    ...conversationHandlers(conversation),
    ...approvalHandlers({
      store,
      gate: runs,
      approvals,
      workspaceFor,
      questions: new HookQuestions({ clock, settles: (reply) => reply.decision !== 'pending' }),
      heard: (p, via) => registry.heard(p, via),
      settled: approvalWaiter(store, clock),
    }),
    ...policyHandlers({
      store,
      clock,
      gate: runs,
      deciders,
      settings,
      workspaceFor,
      abortAll: (reason) => runs.abortAll(reason),
    }),
    ...runHandlers({
      store,
      gate: runs,
      windows,
      editorRunner,
      connection: (id) => connections.get(id) ?? null,
    }),
    ...agentHandlers({ registry, connector, cutOff }),
  };

  const mcp = mcpSessions({
    commands: handlers,
    gate: runs,
    runs: {
      async byRef(principal_id, trigger_ref) {
        const where = { principal_id, trigger_ref, trigger_kind: 'mcp' };
        const [run] = await store.documents(runsProjection, { where, order: 'desc', limit: 1 });
        return run ?? null;
      },
    },
    store,
    visibleTo: (principal, event) => visibility.visibleTo(principal, event),
    workspaces: {
      workspaceFor: (cwd) => windows.resolve(DEFAULT_WORKSPACE, DEFAULT_WORKSPACE, cwd),
      isOpen: (path) => windows.workspaceOf(path) !== null,
    },
    heardOf: (principal) => void registry.heard(principal, 'mcp'),
    clock,
    ids,
    log,
    version: build.split('+')[0] ?? build,
  });

  // Recovery: nothing is asked or answered before what a crash left is settled.
  const hostEvent = (event: DomainEvent): Promise<void> =>
    store
      .transact((tx) =>
        tx.append({ stream_type: 'host', stream_id: instanceId }, 'any', [event], {
          workspace_id: DEFAULT_WORKSPACE,
          actor: hostPrincipal,
          correlation_id: instanceId,
          causation_id: null,
        }),
      )
      .then(() => {});
  if (store.health.state === 'ok') {
    await hostEvent({
      type: 'host.started',
      data: { instance_id: instanceId, pid: process.pid, build, store_id: store.storeId },
    });
    await runs.recover();
    await approvals.recover();
  }

  return {
    handlers,
    store,
    storeSchema: store.schemaVersion,
    mcpSessions: mcp,
    authenticate: authenticator((token) => registry.byToken(token)),
    visibleTo: (principal, event) => visibility.visibleTo(principal, event),
    connectionOpened(connection) {
      connections.set(connection.id, connection);
    },
    connectionClosed(connection) {
      connections.delete(connection.id);
      windows.remove(connection.id);
    },
    executing: () => runs.executing,
    drain() {
      draining = true;
    },
    async dispose(reason) {
      approvals.close();
      runs.abortAll('host_stopped');
      await runs.idle(DISPOSE_MS);
      if (store.health.state === 'ok')
        await hostEvent({ type: 'host.stopped', data: { instance_id: instanceId, reason } }).catch(
          () => {},
        );
      await store.close();
    },
  };
};

/** A window may take this long for one action; running the tests takes longest. */
const EDITOR_TIMEOUT_MS = 10 * 60_000;
/** What was aborted gets this long to end and be recorded. */
const DISPOSE_MS = 5_000;
