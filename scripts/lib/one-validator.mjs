// @ts-check
import { globSync, readFileSync } from 'node:fs';
import * as path from 'node:path';

/** Of each MCP package: what differs between its copy and the other's. */
const OWN_NAMES = /-[\w-]{8}\.mjs|\n\/\/# sourceMappingURL=.*/g;

/**
 * The MCP server and client packages each carry a copy of the JSON Schema validator, a twelfth of all our
 * code. Both get the client's, as long as the copies are the same.
 * @param {string} root
 * @returns {import('esbuild').Plugin}
 */
export function oneValidator(root) {
  const copyOf = (/** @type {string} */ side) => {
    const folder = path.join(root, 'node_modules/@modelcontextprotocol', side, 'dist');
    const [file] = globSync('ajvProvider-*.mjs', { cwd: folder });
    if (file === undefined) throw new Error(`@modelcontextprotocol/${side} has no ajvProvider`);
    return path.join(folder, file);
  };
  return {
    name: 'one-validator',
    setup(build) {
      const [server, client] = [copyOf('server'), copyOf('client')];
      const [one, other] = [server, client].map((file) =>
        readFileSync(file, 'utf8').replaceAll(OWN_NAMES, ''),
      );
      if (one !== other) throw new Error('the MCP packages carry different validators now');
      const name = path.basename(server).replaceAll('.', '\\.');
      build.onResolve({ filter: new RegExp(`/${name}$`) }, () => ({ path: client }));
    },
  };
}
