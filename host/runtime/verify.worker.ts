import { serveVerification } from '#host/store/adapters/sqlite/verify-thread.ts';
import { projections } from './projections.ts';

// The verification thread: checks the database on a connection of its own, off the event loop.
serveVerification(projections);
