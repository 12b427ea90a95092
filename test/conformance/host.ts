// A real host, from its composition root, that serves the profile besides its own tools.
import { compose } from '#host/runtime/compose.ts';
import { runHost } from '#host/runtime/run-host.ts';
import { conformanceProfile } from './profile/profile.ts';

const extension = conformanceProfile();
process.exitCode = await runHost(
  (options) => compose({ ...options, mcpExtension: extension }),
  process.argv[1] ?? import.meta.filename,
);
