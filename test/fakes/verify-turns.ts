// The verification thread of the tests: knows the one read model that their stores have.
import { serveVerification } from '#host/store/adapters/sqlite/verify-thread.ts';
import { turnCounts } from '#host/store/conformance-samples.ts';

serveVerification([turnCounts]);
