import { serveWav } from './read-wav.ts';

// A thread that reads one WAV file: ten minutes take seconds to resample.
serveWav();
