// The thread of the speech model: loaded once, then one request after the other.
import { parentPort, workerData } from 'node:worker_threads';
import type { FromRescoring, RescoringData, ToRescoring } from './rescoring/messages.ts';
import { loadSpeechModel } from './rescoring/moonshine.ts';
import { Rescoring } from './rescoring/rescore.ts';

if (parentPort === null) throw new Error('rescoring.worker runs in a worker thread');
const port = parentPort;
const { folder, wanted: shared } = workerData as RescoringData;
const wanted = new Int32Array(shared);
const send = (message: FromRescoring): void => port.postMessage(message);

// What cannot be loaded, and what fails later, ends this thread; who started it hears why.
const rescoring = loadSpeechModel(folder).then((model) => {
  send({ kind: 'ready' });
  return new Rescoring(model);
});
let busy: Promise<void> = rescoring.then(() => undefined);

port.on('message', ({ id, request }: ToRescoring) => {
  busy = busy.then(async () => {
    const isWanted = (): boolean => Atomics.load(wanted, 0) === id;
    const answer = await (await rescoring).take(request, isWanted);
    if (request.kind === 'look') send({ kind: 'answer', id, answer });
  });
});
