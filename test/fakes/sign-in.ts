// A person who signs in: says yes to the cards, and follows where the browser is sent.
import * as http from 'node:http';
import type { CommandResult } from '#schema/commands/registry.ts';
import type { TestHost } from './test-host.ts';

type Step = CommandResult<'server.login'>;

export interface Browser {
  /** Follows the page and every redirect; what the last one said. */
  (url: string): Promise<{ status: number; url: string; body: string }>;
}

/** Opens a page and goes where it sends it, as a browser does that needs no person. */
export const browse: Browser = async (url) => {
  let at = url;
  for (let hops = 0; hops < 5; hops += 1) {
    const { status, location, body } = await get(at);
    if (location === undefined) return { status, url: at, body };
    at = new URL(location, at).href;
  }
  throw new Error('too many redirects');
};

const get = (
  url: string,
): Promise<{ status: number; location: string | undefined; body: string }> =>
  new Promise((resolve, reject) => {
    http
      .get(url, { agent: false }, (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (text: string) => (body += text));
        response.once('end', () => {
          const { statusCode: status = 0, headers } = response;
          resolve({ status, location: headers.location, body });
        });
      })
      .once('error', reject);
  });

/** Signs in at a server, and gives how it ended. `answers`: what is said to each card. */
export async function signIn(
  test: TestHost,
  name: string,
  {
    browser = browse,
    answers = 'approve',
  }: { browser?: Browser; answers?: 'approve' | 'deny' } = {},
): Promise<Step['server']> {
  const { client } = test.editor;
  let step = await client.request('server.login', { name, key: 'file', wait_ms: 20_000 });
  let done = '';
  for (;;) {
    const { server, url, approval_id } = step;
    const state = server.login?.state ?? 'needed';
    if (state === 'needed' || state === 'signed_in') return server;
    const asked = url ?? approval_id ?? '';
    if (asked !== '' && asked !== done) {
      done = asked;
      if (url !== null) await browser(url);
      else await answer(test, approval_id ?? '', answers);
    }
    step = await client.request('server.login', { name, after: state, wait_ms: 2_000 });
  }
}

async function answer(test: TestHost, id: string, how: 'approve' | 'deny'): Promise<void> {
  const { approvals } = await test.editor.client.request('approval.list', {});
  const card = approvals.find(({ approval_id }) => approval_id === id);
  if (card !== undefined) await test.editor.respond(card, how, { confirmed: card.danger });
}
