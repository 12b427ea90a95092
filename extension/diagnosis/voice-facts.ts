import type { CommandResult } from '#schema/commands/registry.ts';

type Voice = CommandResult<'audio.device_list'>;

/** What listens and speaks here, what of it is a fallback and why, and what it is connected to. */
export function voiceWords({ inputs, outputs, home, gate_open, engines }: Voice): string {
  const parts = engines.map(({ part, engine, problem }) =>
    problem === null ? `${part}: ${engine}` : `${part}: ${engine}. ${problem}`,
  );
  return [
    ...parts,
    device('microphone', inputs, home.input),
    device('speaker', outputs, home.output),
    ...(gate_open ? [] : ['The microphone is switched off in Hob.']),
  ].join('\n');
}

function device(what: string, there: Voice['inputs'], chosen: string | null): string {
  if (there.length === 0) return `There is no ${what}.`;
  const used = there.find(({ id, is_default: preferred }) =>
    chosen === null ? preferred : id === chosen,
  );
  if (used !== undefined) return `${what}: ${used.name}`;
  const why = chosen === null ? 'the system prefers none' : 'the chosen one is not connected';
  return `${what}: ${why}; there ${there.length === 1 ? 'is' : 'are'} ${there.map(({ name }) => name).join(', ')}`;
}
