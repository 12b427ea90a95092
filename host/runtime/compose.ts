import { homedir } from 'node:os';
import { DEFAULT_WORKSPACE } from '#schema/envelope/ids.ts';
import { mayDecide, type Principal } from '#schema/envelope/principal.ts';
import { isOpen } from '#schema/views/approval-fold.ts';
import type { DomainEvent } from '#schema/events/domain-events.ts';
import type { TaskView } from '#schema/views/task.ts';
import { HookQuestions } from '#host/agents/hook-questions.ts';
import type { Workspaces } from '#host/conversation/ports.ts';
import { ConversationService } from '#host/conversation/service.ts';
import type { Connection } from '#host/ipc/ports.ts';
import {
  ApprovalService,
  hostPrincipal,
  type ApprovalFollower,
} from '#host/policy/approvals/service.ts';
import type { WorkspaceFacts } from '#host/policy/ports.ts';
import { present } from '#host/kernel/fields.ts';
import { callFacts } from '#host/policy/adapters/call-facts.ts';
import { nodeCrypto } from '#host/policy/adapters/node-crypto.ts';
import { verifyAudit } from '#host/policy/audit.ts';
import { CallAllowances } from '#host/policy/call-allowances.ts';
import { Deciders } from '#host/policy/deciders.ts';
import { revokeGrantsOf } from '#host/policy/grants.ts';
import { commandTimeoutOf } from '#host/policy/core/settings.ts';
import { approvalsProjection } from '#host/policy/projections.ts';
import { showFlood } from '#host/policy/notifications.ts';
import { settingWatch, SettingsService } from '#host/policy/settings-service.ts';
import { agentHandlers } from '#host/router/handlers/agent.ts';
import { approvalHandlers } from '#host/router/handlers/approval.ts';
import { capabilityHandlers } from '#host/router/handlers/capability.ts';
import { conversationHandlers } from '#host/router/handlers/conversation.ts';
import { inquiryHandlers } from '#host/router/handlers/inquiry.ts';
import { policyHandlers } from '#host/router/handlers/policy.ts';
import { runHandlers } from '#host/router/handlers/run.ts';
import { hostStanding, runtimeHandlers, runtimeStatus } from '#host/router/handlers/runtime.ts';
import { schedulerHandlers } from '#host/router/handlers/scheduler.ts';
import { secretHandlers } from '#host/router/handlers/secret.ts';
import { serverHandlers } from '#host/router/handlers/server.ts';
import { voiceHandlers } from '#host/router/handlers/voice.ts';
import type { CallContext } from '#host/router/ports.ts';
import { EditorWindows } from '#host/runs/editors/windows.ts';
import { CommandRunner } from '#host/runs/runners/command/command-runner.ts';
import { EditorRunner } from '#host/runs/runners/editor/editor-runner.ts';
import { runsProjection } from '#host/runs/projections.ts';
import { InternalRunner } from '#host/runs/runners/internal/internal-runner.ts';
import { ServerRunner } from '#host/runs/runners/server/server-runner.ts';
import { RunService } from '#host/runs/service.ts';
import { Scheduler } from '#host/scheduler/service.ts';
import { applyTaskCall, TaskGate } from '#host/scheduler/task-gate.ts';
import { TaskService } from '#host/scheduler/task-service.ts';
import { HobError } from '#host/kernel/errors.ts';
import { localZone } from '#host/kernel/local-zone.ts';
import { settledDocument } from '#host/store/settled-document.ts';
import { agentSessions, knownAgents } from './agents.ts';
import { titlesOf } from './command-titles.ts';
import { externalServers } from './external-servers.ts';
import { hostLife } from './host-life.ts';
import { leadershipView, schedulerLease } from './leadership.ts';
import { authenticator } from './authenticate.ts';
import { thisProgram } from './this-program.ts';
import type { Compose, HostCore, HostCoreOptions } from './ports.ts';
import { ensureBuiltins } from './builtin-tasks.ts';
import { leadOf, revokedMaker, spokenContext, taskCallOf } from './scheduler-ports.ts';
import { hostTools } from './host-tools.ts';
import { storage } from './storage.ts';
import { talking } from './talking.ts';
import { serverQuestions } from './server-questions.ts';

/** A window that reloads is back in half of it. */
const HOOK_PATIENCE_MS = 20_000;

/**
 * The composition root: the only place that names adapters, from the store up to the handlers.
 * Reads from top to bottom; everything below receives what it needs.
 */
export const compose: Compose = async (options: HostCoreOptions): Promise<HostCore> => {
  const { dataDir, clock, machine, ids, log, instanceId, build } = options;
  const program = thisProgram();
  let draining = false;

  const closing = new AbortController();
  const { store, vault, visibility, redact, artifacts, record } = await storage({
    dataDir,
    clock,
    ids,
    log,
    instanceId,
    verifyWorker: program.verifyWorker,
    closing: closing.signal,
  });
  const visibleAmong: HostCore['visibleAmong'] = (principal, events) =>
    visibility.visibleAmong(principal, events);

  // Policy
  const crypto = nodeCrypto;
  const windows = new EditorWindows();
  // While no window of a workspace is open, its tasks run in the folders that they were made in.
  const taskFolders = new Map<string, readonly string[]>();
  const workspaces: WorkspaceFacts = {
    trusted: (workspaceId) => windows.trusted(workspaceId),
    folders(workspaceId) {
      const open = windows.folders(workspaceId);
      return open.length > 0 ? open : (taskFolders.get(workspaceId) ?? []);
    },
    workspaceOf: (path) => windows.workspaceOf(path),
  };
  const facts = callFacts({ workspaces, crypto, home: homedir(), dataDir });
  const deciders = new Deciders({ store, clock, ids, crypto, instanceId });
  const settings = new SettingsService(store, deciders);
  const lease = schedulerLease({
    store,
    clock,
    machine,
    log,
    instanceId,
    ...(options.leaseTimes === undefined ? {} : { times: options.leaseTimes }),
  });
  const isNeeded = await hostLife(store, settings);

  // Runs and approvals need each other: approvals follow into runs inside one transaction.
  const commandTimeout = await settingWatch(store, settings, commandTimeoutOf);
  const commandRunner = new CommandRunner({
    folders: (workspaceId) => workspaces.folders(workspaceId),
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
  const tasks = new TaskService({
    store,
    clock,
    ids,
    zone: localZone,
    folders: (workspaceId) => windows.folders(workspaceId),
  });
  const internalRunner = new InternalRunner(store, log, {
    'scheduler.create': async (args, run) => taskChanged(await applyTaskCall(tasks, run, args)),
    'scheduler.update': async (args, run) => taskChanged(await applyTaskCall(tasks, run, args)),
    'capability.grant': (args, run) => capabilities.applyApproved(args, run),
    'server.add': (args, run) => servers.applyAdd(args, run),
    'server.pin': (args, run) => servers.acceptPins(args, run),
    'server.allow_origins': (args, run) => logins.allowOrigins(args, run),
    ...hostTools({
      store,
      clock,
      dataDir,
      verify: () => verifyAudit(store, crypto),
      answer: (text, run) => conversation.answerFor(text, run),
    }),
  });
  const allowances = new CallAllowances({
    clock,
    tell: (agent, workspaceId) =>
      void showFlood(store, agent, workspaceId).catch((failure: unknown) =>
        log.error('a notice could not be stored', failure),
      ),
  });
  const mayStart = async (): Promise<void> => {
    const { kill_switch, stopped } = await settings.current();
    if (kill_switch) throw new HobError('kill_switch_on');
    if (stopped) throw new HobError('runtime_stopped');
    if (draining) throw new HobError('host_draining');
  };
  const { servers, logins, egress } = externalServers({
    store,
    clock,
    ids,
    log,
    gate: {
      submit: (submission) => runs.submit(submission),
      settled: (runId, waitMs, signal) => runs.settled(runId, waitMs, signal),
      cancel: (runId, by, reason) => runs.cancel(runId, by, reason),
    },
    vault,
    artifacts,
    record,
    redact,
    mayStart,
    callTimeoutMs: commandTimeout,
    ask: serverQuestions({ store, windows, inquiries: () => inquiries }),
    version: versionOf(build),
  });
  const runs: RunService = new RunService({
    store,
    clock,
    ids,
    crypto,
    log,
    facts,
    workspaces,
    allowances,
    runners: {
      host: commandRunner,
      editor: editorRunner,
      internal: internalRunner,
      server: new ServerRunner(servers),
    },
    fence: leadOf(lease),
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
  const { capabilities, registry, connector, coverage } = knownAgents({
    store,
    clock,
    ids,
    log,
    gate: runs,
    dataDir,
    program,
  });
  const connections = new Map<string, Connection>();
  const cutOff = async (principalId: string, by: Principal): Promise<void> => {
    await revokeGrantsOf(store, principalId, by);
    await tasks.pauseAllOf(principalId, hostPrincipal);
    await inquiries.cancelAllOf(principalId);
    for (const connection of connections.values())
      if (connection.principal.id === principalId) connection.close('token_revoked');
    mcp.cutOff(principalId);
  };

  /** What executes and what was started to be used: nothing of it goes on. */
  const abortAll = (reason: string): void => {
    runs.abortAll(reason);
    void servers.stopAll(reason);
  };
  const setKillSwitch = async (reason: string, by: Principal): Promise<void> => {
    await settings.setKillSwitch(true, reason, {}, by);
    abortAll('kill_switch');
  };
  const workspaceFor = (context: CallContext, cwd: string | undefined): string =>
    windows.resolve(context.workspace_id, DEFAULT_WORKSPACE, cwd);
  const statusSource = {
    store,
    settings,
    allowances,
    phase: () => options.phase(),
    executing: () => runs.executing,
    windows: () => windows.all.length,
    clients: () => connections.size,
    deciders: async () => (await deciders.list()).length,
    async agents() {
      const agents = await connector.withCoverage(await registry.list());
      return { total: agents.length, not_gated: agents.filter((a) => !a.coverage.gated).length };
    },
    leadership: () => leadershipView(lease),
    verify: () => verifyAudit(store, crypto),
  };
  const spokenTo: Workspaces = {
    resolve: (workspaceId, windowId) =>
      windows.all.find((w) => w.context.window_id === windowId)?.workspace_id ??
      windows.resolve(workspaceId, DEFAULT_WORKSPACE, undefined),
    tasks: (workspaceId) =>
      windows.lastFocused(workspaceId)?.context.tasks.map((t) => t.name) ?? [],
    commands: (workspaceId) => titlesOf(windows.lastFocused(workspaceId)?.context.commands),
  };
  const conversation = new ConversationService({
    store,
    clock,
    ids,
    crypto,
    gate: runs,
    workspaces: spokenTo,
    killSwitch: { turnOn: setKillSwitch },
    status: { status: () => runtimeStatus(statusSource) },
    schedules: {
      clock,
      zone: localZone,
      call: (name, payload, speaker) => handlers[name](payload, spokenContext(speaker)),
    },
    visibleAmong,
  });

  const { inquiries, turns } = await talking({
    store,
    clock,
    ids,
    crypto,
    log,
    settings,
    conversation,
    workspaces: spokenTo,
    connections,
    windows,
    loadVoice: options.loadVoice ?? null,
  });

  const scheduler = new Scheduler({
    store,
    clock,
    log,
    gate: runs,
    runs: runsProjection,
    host: hostPrincipal,
    lead: leadOf(lease),
    mayStart,
    goOnAnswered: () => runs.goOnAnswered(),
    revoked: revokedMaker,
    remember: (task) => taskFolders.set(task.workspace_id, task.folders),
    visibleAmong,
    understand: (text, workspaceId) =>
      taskCallOf(text, windows.lastFocused(workspaceId)?.context.tasks.map((t) => t.name) ?? []),
  });
  lease.onState(() => scheduler.wake());

  const handlers: HostCore['handlers'] = {
    ...runtimeHandlers(statusSource),
    ...conversationHandlers(conversation, turns, allowances),
    ...approvalHandlers({
      store,
      gate: runs,
      approvals,
      workspaceFor,
      isAttended: () => [...connections.values()].some(({ role }) => mayDecide(role)),
      patienceMs: options.hookPatienceMs ?? HOOK_PATIENCE_MS,
      questions: new HookQuestions({ clock, settles: (reply) => reply.decision !== 'pending' }),
      heard: (p, via) => registry.heard(p, via),
      settled: settledDocument(store, clock, {
        projection: approvalsProjection,
        stream_type: 'approval',
        isOpen,
      }),
    }),
    ...policyHandlers({
      store,
      clock,
      gate: runs,
      deciders,
      settings,
      workspaceFor,
      abortAll,
    }),
    ...runHandlers({
      store,
      gate: runs,
      windows,
      editorRunner,
      artifacts,
      connection: (id) => connections.get(id) ?? null,
    }),
    ...agentHandlers({ registry, connector, capabilities, cutOff }),
    ...capabilityHandlers({
      store,
      registry,
      capabilities,
      workspaceFor,
      respond: (payload, context) => handlers['approval.respond'](payload, context),
    }),
    ...schedulerHandlers({
      tasks,
      scheduler,
      gate: new TaskGate({ gate: runs, store, tasks }),
      workspaceFor,
    }),
    ...voiceHandlers(turns),
    ...inquiryHandlers({ inquiries, workspaceFor, redact }),
    ...secretHandlers(vault),
    ...serverHandlers({
      servers,
      gate: runs,
      workspaceFor,
      trusted: (workspaceId) => windows.trusted(workspaceId),
    }),
  };

  const mcp = agentSessions({
    commands: handlers,
    standing: () => hostStanding(statusSource),
    gate: runs,
    external: servers,
    store,
    visibleAmong,
    windows,
    registry,
    zone: localZone,
    clock,
    ids,
    log,
    crypto,
    version: versionOf(build),
    ...present({ extension: options.mcpExtension }),
  });

  // Recovery: nothing is asked or answered before what a crash left is settled.
  const hostEvent = (event: DomainEvent): Promise<void> =>
    record({ stream_type: 'host', stream_id: instanceId }, event);
  // Before anything is said or recorded: what it holds has to be known by then.
  await vault.open(VAULT_MS);
  if (store.health.state === 'ok') {
    await hostEvent({
      type: 'host.started',
      data: { instance_id: instanceId, pid: process.pid, build, store_id: store.storeId },
    });
    await runs.recover();
    await approvals.recover();
    await inquiries.recover();
    await lease.start();
    await ensureBuiltins(store, tasks, ids, hostPrincipal);
    await scheduler.start();
    // Nobody waits for it: reading the agents' files is no part of the start.
    void coverage.start();
  }

  return {
    handlers,
    store,
    storeSchema: store.schemaVersion,
    mcpSessions: mcp,
    authenticate: authenticator((token) => registry.byToken(token)),
    visibleAmong,
    visibleAtOnce: (principal, event) => visibility.visibleAtOnce(principal, event),
    connectionOpened(connection) {
      connections.set(connection.id, connection);
    },
    connectionClosed(connection) {
      connections.delete(connection.id);
      const window = windows.all.find((w) => w.connection.id === connection.id);
      windows.remove(connection.id);
      turns.connectionClosed(connection.id);
      if (window !== undefined) turns.windowClosed(window.context.window_id);
    },
    executing: () => runs.executing,
    isNeeded,
    drain() {
      draining = true;
    },
    async dispose(reason) {
      closing.abort();
      await turns.close();
      coverage.close();
      approvals.close();
      inquiries.close();
      runs.abortAll('host_stopped');
      await runs.idle(DISPOSE_MS);
      await servers.close();
      await egress.close();
      await scheduler.stop();
      await lease.stop();
      if (store.health.state === 'ok')
        await hostEvent({ type: 'host.stopped', data: { instance_id: instanceId, reason } }).catch(
          () => {},
        );
      await store.close();
    },
  };
};

const versionOf = (build: string): string => build.split('+')[0] ?? build;

const taskChanged = ({ task_id, generation }: TaskView) => ({ task_id, generation });

/** A window may take this long for one action; running the tests takes longest. */
const EDITOR_TIMEOUT_MS = 10 * 60_000;
/** A vault is waited for that long at a start; a keyring that asks somebody takes longer. */
const VAULT_MS = 2_000;
/** What was aborted gets this long to end and be recorded. */
const DISPOSE_MS = 5_000;
