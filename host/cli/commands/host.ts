import { spawn } from 'node:child_process';
import { hostEnvironment } from '#schema/client/spawn-host.ts';
import { exitCodes, type CliCommand } from '../command.ts';

export const hostCommand: CliCommand = {
  name: 'host',
  usage: 'host',
  summary: 'Runs the host in this terminal until Ctrl-C.',
  details: [
    'When one runs already, its address is printed and the exit status is 0.',
    'Other commands start one in the background when they need it.',
  ],
  run({ dataDir, program, out }) {
    return new Promise((resolve, reject) => {
      const argv = [program.hostScript, '--foreground', '--data-dir', dataDir];
      const child = spawn(program.nodePath, argv, {
        stdio: ['ignore', 'inherit', 'inherit'],
        env: hostEnvironment(program.nodePath),
      });
      out.warn('Ctrl-C stops the host; what waits for an answer is kept.');
      // The terminal sends Ctrl-C to both of us; the host ends in its own time.
      const forward = (signal: NodeJS.Signals) => (): void => void child.kill(signal);
      const onInterrupt = (): void => {};
      const onTerminate = forward('SIGTERM');
      process.on('SIGINT', onInterrupt).on('SIGTERM', onTerminate).on('SIGHUP', onTerminate);
      child.once('error', reject);
      child.once('close', (code) => resolve(code ?? exitCodes.error));
    });
  },
};
