import { hostTools } from './host-tools.ts';

/** Names of the extension's own begin with this, whatever the function is called elsewhere. */
const OWN = 'hob_';

/**
 * What the editor calls the MCP servers, besides the one that the extension defines, that give what the extension
 * gives already: Hob written into an mcp.json by hand. A model then has two of each, and the editor asks once more.
 */
export function givenTwice(tools: readonly string[]): string[] {
  const functions = Object.keys(hostTools).map((name) => name.slice(OWN.length));
  const [first = ''] = functions;
  const all = new Set(tools);
  return tools
    .filter((name) => name.endsWith(`_${first}`))
    .map((name) => name.slice(0, -first.length))
    .filter((from) => from !== OWN && functions.every((name) => all.has(`${from}${name}`)));
}
