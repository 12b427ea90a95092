import { html, nothing, type TemplateResult } from 'lit';
import type { ServerView } from '#schema/views/server.ts';
import { icon, moment, safeText, type Drawn } from '../../views/parts.ts';
import { absoluteTime } from '../../words/time.ts';
import type { LogLine, OpenServer } from '../model.ts';
import { isUnderWay, loginText, reachedText } from '../words.ts';
import type { ServersContext } from './context.ts';
import { toolList } from './tools.ts';

/** A server unfolded: what it is and may reach, how it does, the hands on it, its tools. */
export function serverDetail(
  context: ServersContext,
  server: ServerView,
  open: OpenServer,
): TemplateResult {
  return html`<div class="server-detail">
    ${facts(context, server)} ${hands(context, server, open)}
    ${open.lines === null ? nothing : log(server.name, open.lines)}
    ${toolList(context, server, open)}
  </div>`;
}

const fact = (term: string, words: unknown): TemplateResult =>
  html`<dt>${term}</dt>
    <dd>${words}</dd>`;

const listed = (term: string, all: readonly string[]): Drawn =>
  all.length === 0 ? nothing : fact(term, safeText(all.join(', ')));

function facts({ panel }: ServersContext, server: ServerView): TemplateResult {
  const { health, isolation } = server;
  return html`<dl class="pairs">
    ${fact(server.transport.kind === 'stdio' ? 'Program' : 'Address', html`<code>${safeText(reachedText(server))}</code>`)}
    ${whatItGets(server)} ${fact('Isolation', isolationWords(server))}
    ${server.login === null ? nothing : fact('Login', safeText(loginText(server.login, panel.now)))}
    ${fact('Since', moment(health.since, panel.now))}
    ${health.restarts === 0 ? nothing : fact('Restarts', `${health.restarts} since Hob started`)}
    ${health.pid === null ? nothing : fact('Process', `${health.pid}, protocol ${health.protocol ?? 'not said'}`)}
    ${health.calls_itself === null ? nothing : fact('Calls itself', safeText(health.calls_itself))}
    ${fact('Added', moment(server.added_at, panel.now))}
    ${isolation.level === 'none' && health.state === 'ready' ? fact('Mind', 'It can do everything that you can do.') : nothing}
  </dl>`;
}

/** What its process really has; before it runs, what was approved. */
function isolationWords({ isolation, health }: ServerView): TemplateResult {
  const { level, words } = health.isolation ?? isolation;
  const name = level === 'none' ? 'none' : level;
  return html`${name}:
  ${safeText(words)}${health.isolation === null ? ' (as approved; it does not run)' : ''}`;
}

function whatItGets({ transport }: ServerView): Drawn {
  if (transport.kind !== 'stdio')
    return html`${listed('Secret', transport.bearer_from === undefined ? [] : [transport.bearer_from])}
    ${transport.private_network ? fact('Network', 'also a private one') : nothing}`;
  const { cwd, env_names, variables, secrets, reads, writes } = transport;
  const named = [...env_names, ...variables.map(({ env, value }) => `${env}=${value}`)];
  const fromVault = (secrets ?? []).map(({ env, from }) => `${env} (${from})`);
  return html`${listed('Folder', cwd === undefined ? [] : [cwd])} ${listed('Variables', named)}
  ${listed('Secrets', fromVault)} ${listed('Reads', reads)} ${listed('Changes', writes)}
  ${fact('Network', transport.network ? 'yes' : 'no')}`;
}

function hands({ act }: ServersContext, server: ServerView, open: OpenServer): Drawn {
  const { name, health } = server;
  const button = (
    picture: string,
    text: string,
    press: () => void,
    expanded?: boolean,
  ): TemplateResult =>
    html`<button
      type="button"
      class="quiet-button"
      data-hand=${picture}
      aria-expanded=${expanded === undefined ? nothing : String(expanded)}
      @click=${press}
    >
      ${icon(picture)}${text}
    </button>`;
  if (open.removing)
    return html`<div class="item-acts" role="group" aria-label="Remove ${name}?">
      ${button('trash', 'Remove it with its pins', () => act.remove(name))}
      ${button('discard', 'Keep it', () => act.keep())}
    </div>`;
  const isUp = health.state !== 'stopped' && health.state !== 'failed';
  return html`<div class="item-acts" role="group" aria-label=${name}>
      ${signInHands(act, server, button)}
      ${button('debug-restart', health.state === 'stopped' ? 'Start' : 'Restart', () => act.restart(name))}
      ${isUp ? button('debug-stop', 'Stop', () => act.stop(name)) : nothing}
      ${server.off ? nothing : button('circle-slash', 'Turn off', () => act.turnOff(name))}
      ${button('output', 'Log', () => act.toggleLog(name), open.lines !== null)}
      ${button('trash', 'Remove', () => act.remove(name))}
    </div>
    ${server.login?.state === 'browser' ? pasted(act, name) : nothing}`;
}

/** The browser comes back to the machine that Hob runs on; where it is on another one, a person carries the answer. */
function pasted(act: ServersContext['act'], name: string): TemplateResult {
  const send = (event: Event): void => {
    event.preventDefault();
    const field = (event.currentTarget as HTMLFormElement).querySelector('input');
    const address = field?.value.trim() ?? '';
    if (address !== '') act.finishSignIn(name, address);
  };
  return html`<form class="form login-address" @submit=${send}>
    <label class="field">
      <span>If the browser ends at a page that it cannot open, paste its address here</span>
      <input
        type="text"
        autocomplete="off"
        spellcheck="false"
        maxlength="8192"
        placeholder="http://127.0.0.1:…/callback?code=…"
      />
    </label>
    <button type="submit" class="quiet-button" data-hand="finish">
      ${icon('check')}Finish sign-in
    </button>
  </form>`;
}

/** Where a server takes a login, or wants one. */
function signInHands(
  act: ServersContext['act'],
  { name, login }: ServerView,
  button: (picture: string, text: string, press: () => void) => TemplateResult,
): Drawn {
  if (login === null) return nothing;
  if (isUnderWay(login))
    return html`${login.state === 'browser' ? button('link-external', 'Open the page again', () => act.signIn(name)) : nothing}
    ${button('close', 'Cancel sign-in', () => act.cancelSignIn(name))}`;
  return login.state === 'needed'
    ? button('sign-in', 'Sign in…', () => act.signIn(name))
    : button('sign-out', 'Sign out', () => act.signOut(name));
}

const LOG_LINES = 50;

/** What it wrote on stderr lately. The host has taken secrets out. */
function log(name: string, lines: readonly LogLine[]): TemplateResult {
  if (lines.length === 0)
    return html`<p class="item-aside">It has written nothing since it was started here.</p>`;
  return html`<pre class="server-log" tabindex="0" role="log" aria-label="Last lines of ${name}">
${lines.slice(-LOG_LINES).map(({ at, text }) => html`<span title=${absoluteTime(at)}>${safeText(text)}</span>`)}</pre>`;
}
