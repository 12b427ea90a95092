// The thread of the sound loop: it hears what the recognition thread hears, at the same time.
import { parentPort } from 'node:worker_threads';
import { Decoder, loadEngine } from './worker/decoder.ts';
import { loopGraph, type FromSounds, type ToSounds } from './worker/sound-loop.ts';

if (parentPort === null) throw new Error('sounds.worker runs in a worker thread');
const port = parentPort;
const started = start();
let busy: Promise<void> = Promise.resolve();

port.on('message', (message: ToSounds) => {
  // A failure ends this thread, and the recognition thread with it.
  busy = busy.then(() => take(message));
});

async function start(): Promise<Decoder> {
  const decoder = await Decoder.create(await loadEngine(), 'sounds');
  const { graph, words } = loopGraph();
  decoder.setGraph(graph, words);
  return decoder;
}

async function take(message: ToSounds): Promise<void> {
  const decoder = await started;
  switch (message.kind) {
    case 'begin':
      return decoder.begin();
    case 'push':
      return decoder.push(message.samples);
    case 'end':
      return send(decoder.end());
    case 'again':
      await decoder.begin();
      decoder.pushWhole(message.samples);
      return send(decoder.end());
    case 'drop':
      decoder.end();
  }
}

function send(heard: FromSounds): void {
  port.postMessage(heard);
}
