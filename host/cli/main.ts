// The program `hob`.
import { runCli } from './run-cli.ts';

process.title = 'hob';
// A reader that stops early (`hob events | head`) is no failure.
process.stdout.on('error', () => process.exit(0));

process.exitCode = await runCli(process.argv.slice(2), {
  host: async () => (await import('./commands/host.ts')).hostCommand,
  say: async () => (await import('./commands/say.ts')).sayCommand,
  replay: async () => (await import('./commands/replay.ts')).replayCommand,
  devices: async () => (await import('./commands/devices.ts')).devicesCommand,
  schedule: async () => (await import('./commands/schedule.ts')).scheduleCommand,
  approvals: async () => (await import('./commands/approvals.ts')).approvalsCommand,
  grants: async () => (await import('./commands/grants.ts')).grantsCommand,
  events: async () => (await import('./commands/events.ts')).eventsCommand,
  agent: async () => (await import('./commands/agent.ts')).agentCommand,
  server: async () => (await import('./commands/server.ts')).serverCommand,
  secret: async () => (await import('./commands/secret.ts')).secretCommand,
  verify: async () => (await import('./commands/verify.ts')).verifyCommand,
  diagnose: async () => (await import('./commands/diagnose.ts')).diagnoseCommand,
  call: async () => (await import('./commands/call.ts')).callCommand,
  hook: async () => (await import('./commands/hook.ts')).hookCommand,
  service: async () => (await import('./commands/service.ts')).serviceCommand,
  decider: async () => (await import('./commands/decider.ts')).deciderCommand,
  demo: async () => (await import('./commands/demo.ts')).demoCommand,
  mcp: async () => (await import('./commands/mcp.ts')).mcpCommand,
});
