// Loaded before every suite. Generated cases are the same for everybody, so that a red run is a change
// of the code; HOB_SEED draws others.
import { configureGlobal } from 'fast-check';

configureGlobal({ seed: Number(process.env['HOB_SEED'] ?? 20_261_120) });
