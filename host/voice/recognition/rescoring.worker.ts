import { serveEngine } from '../engine/serve-engine.ts';
import { loadSpeechModel } from './rescoring/moonshine.ts';
import { rescoringOps } from './rescoring/rescoring-ops.ts';

// A process of its own for the speech model: what it took of memory is given back when it ends.
serveEngine(() => rescoringOps(loadSpeechModel));
