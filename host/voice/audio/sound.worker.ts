import { serveEngine } from '../engine/serve-engine.ts';
import { soundOps } from './sound-ops.ts';

// A process of its own for microphones and speakers: sound libraries block and crash.
serveEngine(soundOps);
