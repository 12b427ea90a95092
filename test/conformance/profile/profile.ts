// What the official suites expect of a server under test, added to the tools, prompts and resources of a
// real host. Nothing of it ships.
import type { McpExtension } from '#host/mcp/server/extension.ts';
import type { ToolHost } from '#host/mcp/server/tool.ts';
import { contentFixtures } from './contents.ts';
import { addFixture, said } from './fixture.ts';
import { jobFixtures, Jobs } from './jobs.ts';
import { addPrompts, addResources } from './prompts-and-resources.ts';
import { questionFixtures } from './questions.ts';

/** For one host: its connections share jobs, and hear of each other's changes. */
export function conformanceProfile(): McpExtension {
  const jobs = new Jobs();
  const hosts = new Set<ToolHost>();
  const tellAll = (tell: (host: ToolHost) => void): void => {
    for (const host of hosts) if (host.server.isConnected()) tell(host);
  };
  return (host, { codec }) => {
    hosts.add(host);
    host.server.server.registerCapabilities({ logging: {}, prompts: { listChanged: true } });
    const fixtures = [...contentFixtures, ...questionFixtures(codec), ...jobFixtures(jobs)];
    for (const fixture of fixtures) addFixture(host, fixture);
    addFixture(host, {
      name: 'test_trigger_tool_change',
      description: 'Says that the list of tools has changed.',
      run() {
        tellAll(({ server }) => server.sendToolListChanged());
        return said('Told.');
      },
    });
    addFixture(host, {
      name: 'test_trigger_prompt_change',
      description: 'Says that the list of prompts has changed.',
      run() {
        tellAll(({ server }) => server.sendPromptListChanged());
        return said('Told.');
      },
    });
    addPrompts(host.server);
    addResources(host.server);
    return jobs;
  };
}
