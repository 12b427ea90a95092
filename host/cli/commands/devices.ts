import { exitCodes, type CliCommand } from '../command.ts';
import { plain, table } from '../output.ts';

export const devicesCommand: CliCommand = {
  name: 'devices',
  usage: 'devices',
  summary: 'Microphones and speakers, which are in use, and what listens and speaks.',
  async run({ connect, out }) {
    const client = await connect();
    const found = await client.request('audio.device_list', {});
    const { inputs, outputs, home, engines, gate_open } = found;
    const rows = [...inputs, ...outputs].map(({ id, name, kind, is_default }) => {
      const chosen = kind === 'input' ? home.input : home.output;
      const inUse = chosen === null ? is_default : chosen === id;
      return [
        inUse ? '*' : '',
        kind === 'input' ? 'microphone' : 'speaker',
        plain(name),
        plain(id),
      ];
    });
    const parts = engines.map(({ part, engine, problem }) => [part, engine, plain(problem ?? '')]);
    const text = [
      rows.length === 0 ? 'There is no microphone and no speaker.' : table(rows),
      '',
      table(parts),
      ...(gate_open ? [] : ['', 'The microphone is switched off in Hob.']),
    ];
    out.result(found, text.join('\n'));
    return exitCodes.done;
  },
};
