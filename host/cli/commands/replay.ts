import type { TurnMoment, TurnView } from '#schema/views/turn.ts';
import { exitCodes, UsageError, type CliCommand } from '../command.ts';
import { plain, table } from '../output.ts';
import { injectAudio } from './say-audio.ts';

export const replayCommand: CliCommand = {
  name: 'replay',
  usage: 'replay FILE.wav [--act] [--times]',
  summary: 'Plays a WAV file as if it were spoken, and shows every step from sound to intent.',
  details: [
    '--act     does what is heard, through the gate; without it nothing is done or stored',
    '--times   with the milliseconds of each step; they differ from run to run, the rest does not',
  ],
  options: { act: { type: 'boolean' }, times: { type: 'boolean' } },
  async run({ positionals, values, connect, out }) {
    const [file, ...more] = positionals;
    if (file === undefined || more.length > 0) throw new UsageError('Usage: hob replay FILE.wav');
    const client = await connect();
    const { record, ...said } = await injectAudio(client, file, {
      dry_run: values['act'] !== true,
      wait_ms: 45_000,
    });
    const moments = record.moments.map((moment) => stepOf(moment, values['times'] === true));
    const { level, heard } = record;
    out.result(
      {
        level: level && withoutTimes(level),
        heard,
        moments,
        reply: said.reply,
        status: said.status,
      },
      [
        table(
          moments.map((m) => [m.at_ms === undefined ? '' : `${m.at_ms} ms`, m.kind, plain(m.text)]),
        ),
        '',
        plain(said.reply),
      ].join('\n'),
    );
    return said.status === 'not_understood' ? exitCodes.error : exitCodes.done;
  },
};

const withoutTimes = ({ mean, peak, frames }: NonNullable<TurnView['level']>) => ({
  mean,
  peak,
  frames,
});

/** Ids and times of one run are left out, so that two runs of one file can be compared. */
function stepOf({ at_ms, kind, text, data }: TurnMoment, times: boolean) {
  const { run_id: _run, approval_id: _approval, took_ms: _took, ...rest } = data;
  return { ...(times ? { at_ms } : {}), kind, text, data: rest };
}
