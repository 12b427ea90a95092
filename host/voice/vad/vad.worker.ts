import { serveEngine } from '../engine/serve-engine.ts';
import { vadOps } from './vad-ops.ts';

// A process of its own for speech detection: a model that the runtime dislikes aborts the process.
serveEngine(vadOps);
