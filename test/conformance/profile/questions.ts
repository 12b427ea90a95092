// Tools and a prompt that need something of their client first: forms, a completion of its model, its folders.
import {
  inputRequired,
  inputResponse,
  MissingRequiredClientCapabilityError,
  type InputRequests,
  type RequestStateCodec,
} from '@modelcontextprotocol/server';
import type { JsonObject } from '#schema/envelope/json.ts';
import { capabilitiesIn, type AskedFor } from '#host/mcp/server/tool-calls.ts';
import type { ToolContext } from '#host/mcp/server/tool.ts';
import { object, said, type Fixture, type FixtureAnswer } from './fixture.ts';

export const form = (message: string, properties: JsonObject, required?: readonly string[]) =>
  ({
    method: 'elicitation/create',
    params: { mode: 'form', message, requestedSchema: object(properties, required ?? []) },
  }) as unknown as InputRequests[string];
export const formFor = (message: string, ...names: readonly string[]) =>
  form(message, Object.fromEntries(names.map((name) => [name, { type: 'string' }])), names);
const confirm = form('Please confirm', { ok: { type: 'boolean' } }, ['ok']);
const sample = (prompt: string, maxTokens: number) =>
  inputRequired.createMessage({
    messages: [{ role: 'user', content: { type: 'text', text: prompt } }],
    maxTokens,
  });

const ask = (inputRequests: InputRequests, requestState?: string): FixtureAnswer =>
  inputRequired({ inputRequests, ...(requestState === undefined ? {} : { requestState }) });

const responsesOf = ({ sdk }: ToolContext) => sdk.mcpReq.inputResponses;
/** What a form of this key was filled in with; undefined when it was not. */
export function filled(context: ToolContext, key: string): JsonObject | undefined {
  const view = inputResponse(responsesOf(context), key);
  return view.kind === 'elicit' && view.action === 'accept'
    ? (view.content as JsonObject | undefined)
    : undefined;
}
const elicited = (context: ToolContext, key: string): string | null => {
  const view = inputResponse(responsesOf(context), key);
  return view.kind === 'elicit'
    ? `action=${view.action}, content=${JSON.stringify(view.content ?? {})}`
    : null;
};
const sampled = (context: ToolContext, key: string): string | null => {
  const view = inputResponse(responsesOf(context), key);
  return view.kind === 'sampling' ? JSON.stringify(view.result.content) : null;
};

/** A form of one round whose answer is told back. */
const roundTrip = (name: string, description: string, asked: JsonObject): Fixture => ({
  name,
  description,
  run(_args, context) {
    const answer = elicited(context, 'form');
    return answer === null
      ? ask({ form: form('Please review these values', asked) })
      : said(`Elicitation completed: ${answer}`);
  },
});

const titled = (...titles: readonly string[]): JsonObject[] =>
  titles.map((title, at) => ({ const: `value${at + 1}`, title }));
const options = ['option1', 'option2', 'option3'];

export function questionFixtures(codec: RequestStateCodec<AskedFor>): readonly Fixture[] {
  const sealed = (tool: string, round: string, { sdk }: ToolContext): Promise<string> =>
    codec.mint({ tool, hash: round }, sdk);
  /** The round that a verified state names. */
  const roundOf = ({ sdk }: ToolContext): string | undefined =>
    sdk.mcpReq.requestState<AskedFor>()?.hash;

  return [
    {
      name: 'test_elicitation',
      description: "Asks for the person's name and address.",
      input: object({ message: { type: 'string' } }, ['message']),
      run({ message }, context) {
        const answer = elicited(context, 'user');
        return answer === null
          ? ask({ user: formFor(String(message), 'username', 'email') })
          : said(`User response: ${answer}`);
      },
    },
    roundTrip('test_elicitation_sep1034_defaults', 'Asks with values filled in.', {
      name: { type: 'string', default: 'John Doe' },
      age: { type: 'integer', default: 30 },
      score: { type: 'number', default: 95.5 },
      status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
      verified: { type: 'boolean', default: true },
    }),
    roundTrip('test_elicitation_sep1330_enums', 'Asks with every kind of choice.', {
      untitledSingle: { type: 'string', enum: options },
      titledSingle: {
        type: 'string',
        oneOf: titled('First Option', 'Second Option', 'Third Option'),
      },
      legacyEnum: {
        type: 'string',
        enum: ['opt1', 'opt2', 'opt3'],
        enumNames: ['Option One', 'Option Two', 'Option Three'],
      },
      untitledMulti: { type: 'array', items: { type: 'string', enum: options } },
      titledMulti: {
        type: 'array',
        items: { anyOf: titled('First Choice', 'Second Choice', 'Third Choice') },
      },
    }),
    {
      name: 'test_sampling',
      description: "Asks the client's model.",
      input: object({ prompt: { type: 'string' } }, ['prompt']),
      run({ prompt }, context) {
        const answer = sampled(context, 'model');
        return answer === null
          ? ask({ model: sample(String(prompt), 100) })
          : said(`LLM response: ${answer}`);
      },
    },
    {
      name: 'test_streaming_elicitation',
      description: 'Asks in the middle of its answer.',
      run: () => ask({ name: formFor('Who are you?', 'name') }),
    },
    {
      name: 'test_missing_capability',
      description: "Needs the client's model.",
      run(_args, { sdk }) {
        const can = capabilitiesIn(sdk);
        if (can?.sampling === undefined)
          throw new MissingRequiredClientCapabilityError({
            requiredCapabilities: { sampling: {} },
          });
        return said('The client has a model.');
      },
    },
    {
      name: 'test_input_required_result_elicitation',
      description: 'Asks for a name.',
      run(_args, context) {
        const name = filled(context, 'user_name')?.['name'];
        return typeof name === 'string'
          ? said(`Hello, ${name}!`)
          : ask({ user_name: formFor('What is your name?', 'name') });
      },
    },
    {
      name: 'test_input_required_result_sampling',
      description: "Asks the client's model for a capital.",
      run(_args, context) {
        const answer = sampled(context, 'capital_question');
        return answer === null
          ? ask({ capital_question: sample('What is the capital of France?', 100) })
          : said(answer);
      },
    },
    {
      name: 'test_input_required_result_list_roots',
      description: "Asks for the client's folders.",
      run(_args, context) {
        const view = inputResponse(responsesOf(context), 'client_roots');
        return view.kind === 'roots'
          ? said(`Roots: ${JSON.stringify(view.roots)}`)
          : ask({ client_roots: { method: 'roots/list', params: {} } });
      },
    },
    {
      name: 'test_input_required_result_request_state',
      description: 'Asks, and knows its question again.',
      async run(_args, context) {
        const { name } = this;
        return filled(context, 'confirm') !== undefined && roundOf(context) === 'confirm'
          ? said('state-ok')
          : ask({ confirm }, await sealed(name, 'confirm', context));
      },
    },
    {
      name: 'test_input_required_result_tampered_state',
      description: 'Asks, and refuses another question in its place.',
      async run(_args, context) {
        const { name } = this;
        return filled(context, 'confirm') !== undefined && roundOf(context) === 'confirm'
          ? said('state-ok')
          : ask({ confirm }, await sealed(name, 'confirm', context));
      },
    },
    {
      name: 'test_input_required_result_multiple_inputs',
      description: 'Asks for three things at once.',
      async run(_args, context) {
        const name = filled(context, 'user_name');
        const greeting = sampled(context, 'greeting');
        const roots = inputResponse(responsesOf(context), 'client_roots');
        if (name !== undefined && greeting !== null && roots.kind === 'roots')
          return said(`${greeting} ${JSON.stringify(name)} ${JSON.stringify(roots.roots)}`);
        const asked = {
          user_name: formFor('What is your name?', 'name'),
          greeting: sample('Generate a greeting', 50),
          client_roots: { method: 'roots/list', params: {} } as const,
        };
        return ask(asked, await sealed(this.name, 'all', context));
      },
    },
    {
      name: 'test_input_required_result_multi_round',
      description: 'Asks twice, one after the other.',
      async run(_args, context) {
        const round = roundOf(context);
        const color = filled(context, 'step2');
        if (round === '2' && color !== undefined) return said(`Done: ${JSON.stringify(color)}`);
        if (round === '1' && filled(context, 'step1') !== undefined)
          return ask(
            { step2: formFor('Step 2: What is your favorite color?', 'color') },
            await sealed(this.name, '2', context),
          );
        return ask(
          { step1: formFor('Step 1: What is your name?', 'name') },
          await sealed(this.name, '1', context),
        );
      },
    },
    {
      name: 'test_input_required_result_capabilities',
      description: 'Asks only for what the client can do.',
      run(_args, { sdk }) {
        const can = capabilitiesIn(sdk);
        const asked: InputRequests = {
          ...(can?.elicitation === undefined ? {} : { name: formFor('Your name?', 'name') }),
          ...(can?.sampling === undefined ? {} : { word: sample('Say one word', 10) }),
        };
        return Object.keys(asked).length === 0 ? said('Nothing to ask.') : ask(asked);
      },
    },
  ];
}
