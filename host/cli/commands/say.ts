import type { SayResult } from '#schema/commands/conversation.ts';
import { printedText } from '#schema/views/printed.ts';
import { exitCodes, UsageError, type CliCommand } from '../command.ts';
import { plain } from '../output.ts';
import { injectAudio } from './say-audio.ts';

const exitByStatus: Readonly<Record<SayResult['status'], number>> = {
  done: exitCodes.done,
  answered: exitCodes.done,
  dry_run: exitCodes.done,
  failed: exitCodes.error,
  not_understood: exitCodes.error,
  denied: exitCodes.denied,
  pending: exitCodes.pending,
};

export const sayCommand: CliCommand = {
  name: 'say',
  usage: 'say TEXT | --wav FILE [--dry-run] [--workspace ID] [--wait SECONDS]',
  summary:
    'One sentence, the way you would say it: "open settings", "run the tests", "what happened".',
  details: [
    '--wav FILE       the sentence is in this WAV file; it is heard, never a decision',
    '--dry-run        says what it would do and does nothing',
    '--workspace ID   the workspace it is about; default: the last focused window',
    '--wait SECONDS   how long to wait for a person or an effect; default 45',
  ],
  options: {
    wav: { type: 'string' },
    'dry-run': { type: 'boolean' },
    workspace: { type: 'string' },
    wait: { type: 'string' },
  },
  async run({ positionals, values, connect, out }) {
    const text = positionals.join(' ').trim();
    const wav = values['wav'];
    if ((text === '') === (typeof wav !== 'string'))
      throw new UsageError('Usage: hob say TEXT, or hob say --wav FILE');
    const seconds = values['wait'] === undefined ? 45 : Number(values['wait']);
    if (!(seconds >= 0 && seconds <= 600)) throw new UsageError('--wait takes 0 to 600 seconds.');
    const client = await connect();
    const workspace = values['workspace'];
    const how = { dry_run: values['dry-run'] === true, wait_ms: Math.round(seconds * 1_000) };
    const place = typeof workspace === 'string' ? workspace : undefined;
    const said =
      typeof wav === 'string'
        ? await heard(client, wav, how, place)
        : await client.request(
            'conversation.inject_text',
            { text, ...how },
            place === undefined ? {} : { workspaceId: place },
          );
    out.result(said, textOf(said));
    return exitByStatus[said.status];
  },
};

function textOf(said: SayResult): string {
  const closest =
    said.status === 'not_understood'
      ? said.closest.map(({ phrase }) => `  did you mean: ${phrase}`)
      : [];
  const printed = (printedText(said.result) ?? '').split('\n').map(plain);
  return [
    plain(said.outcome ?? said.reply),
    ...(printed.join('') === '' ? [] : printed),
    ...closest,
  ].join('\n');
}

/** The same answer as for a typed sentence: how it was heard is for `hob replay`. */
async function heard(...args: Parameters<typeof injectAudio>): Promise<SayResult> {
  const { record: _record, ...said } = await injectAudio(...args);
  return said;
}
