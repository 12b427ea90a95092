import * as z from 'zod';

// Zod tries `new Function` when a schema is made, which the CSP reports as a violation. So this is
// said before the first schema exists: main.ts imports this file before any other.
z.config({ jitless: true });
