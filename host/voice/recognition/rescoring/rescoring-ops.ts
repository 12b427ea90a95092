import { setImmediate as turn } from 'node:timers/promises';
import type { EngineOps } from '../../engine/serve-engine.ts';
import type { Sequence } from '../core/phrases.ts';
import { Rescoring, type Answer, type Look } from './rescore.ts';
import type { SpeechModel } from './speech-model.ts';

/** What the process of the speech model can do: loaded once, then one request after the other. */
export function rescoringOps(load: (folder: string) => Promise<SpeechModel>): EngineOps {
  let loaded: Promise<Rescoring> | null = null;
  let busy: Promise<unknown> = Promise.resolve();
  /** Looks are asked for one after the other: nobody waits for this one or any before it. */
  let dropped = 0;

  const inTurn = <T>(run: (rescoring: Rescoring) => T | Promise<T>): Promise<T> => {
    const answer = busy.then(async () => {
      if (loaded === null) throw new Error('the speech model is not loaded');
      return run(await loaded);
    });
    busy = answer.catch(() => undefined);
    return answer;
  };
  return {
    load: async ({ folder }: { folder: string }): Promise<void> => {
      loaded ??= load(folder).then((model) => Rescoring.create(model));
      await loaded;
    },
    phrases: ({ sequences }: { sequences: readonly Sequence[] }): Promise<void> =>
      inTurn((rescoring) => rescoring.learn(sequences)),
    look: ({ id, look }: { id: number; look: Look }): Promise<Answer> =>
      inTurn((rescoring) =>
        rescoring.look(look, async () => {
          // WebAssembly never waits: without this turn nothing that was sent would be read before the end.
          await turn();
          return id > dropped;
        }),
      ),
    drop: ({ id }: { id: number }): void => {
      dropped = Math.max(dropped, id);
    },
  };
}
