import {
  completable,
  inputRequired,
  inputResponse,
  ResourceTemplate,
  type McpServer,
} from '@modelcontextprotocol/server';
import * as z from 'zod';
import { PNG } from './contents.ts';
import { formFor } from './questions.ts';

const user = (content: unknown) => ({ role: 'user' as const, content: content as never });
const words = (value: string) => user({ type: 'text', text: value });
const PLACES = ['paris', 'park', 'party', 'hamburg'];
const begun = (value: string | undefined) =>
  PLACES.filter((place) => place.startsWith(value ?? ''));

export function addPrompts(server: McpServer): void {
  server.registerPrompt('test_simple_prompt', { description: 'One sentence.' }, () => ({
    messages: [words('This is a simple prompt for testing.')],
  }));
  server.registerPrompt(
    'test_prompt_with_arguments',
    {
      description: 'Two arguments.',
      argsSchema: z.object({
        arg1: completable(z.string().describe('First test argument'), begun),
        arg2: z.string().describe('Second test argument'),
      }),
    },
    ({ arg1, arg2 }) => ({
      messages: [words(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)],
    }),
  );
  server.registerPrompt(
    'test_prompt_with_embedded_resource',
    { description: 'A resource in it.', argsSchema: z.object({ resourceUri: z.string() }) },
    ({ resourceUri: uri }) => ({
      messages: [
        user({
          type: 'resource',
          resource: { uri, mimeType: 'text/plain', text: 'Embedded resource content for testing.' },
        }),
        words('Please process the embedded resource above.'),
      ],
    }),
  );
  server.registerPrompt('test_prompt_with_image', { description: 'An image in it.' }, () => ({
    messages: [
      user({ type: 'image', data: PNG, mimeType: 'image/png' }),
      words('Please analyze the image above.'),
    ],
  }));
  server.registerPrompt(
    'test_input_required_result_prompt',
    { description: 'Asks what it is about.' },
    ({ mcpReq }) => {
      const answer = inputResponse(mcpReq.inputResponses, 'user_context');
      if (answer.kind !== 'elicit')
        return inputRequired({
          inputRequests: {
            user_context: formFor('What context should the prompt use?', 'context'),
          },
        });
      return { messages: [words(`Context: ${JSON.stringify(answer.content)}`)] };
    },
  );
}

export function addResources(server: McpServer): void {
  const fixed = (name: string, uri: string, mimeType: string, body: object): void =>
    void server.registerResource(name, uri, { description: name, mimeType }, () => ({
      contents: [{ uri, mimeType, ...body } as never],
    }));
  fixed('static text', 'test://static-text', 'text/plain', {
    text: 'This is the content of the static text resource.',
  });
  fixed('static binary', 'test://static-binary', 'image/png', { blob: PNG });
  fixed('watched', 'test://watched-resource', 'text/plain', { text: 'Watched.' });
  const mimeType = 'application/json';
  server.registerResource(
    'template',
    new ResourceTemplate('test://template/{id}/data', { list: undefined }),
    { description: 'Data of an id.', mimeType },
    (uri, { id }) => ({
      contents: [
        {
          uri: uri.href,
          mimeType,
          text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${String(id)}` }),
        },
      ],
    }),
  );
}
