import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { ServerView } from '#schema/views/server.ts';
import { icon, safeText, type Drawn } from '../../views/parts.ts';
import { failureText } from '../../words/failure.ts';
import { healthIcons, healthText, isolationBadges, isUnderWay, toolsText } from '../words.ts';
import { addForm } from './add-form.ts';
import type { ServersContext } from './context.ts';
import { serverDetail } from './detail.ts';

/** The MCP servers that a person added: how each does, what it can reach, and what it offers. */
export function serversView(context: ServersContext): TemplateResult {
  const { state, act } = context;
  return html`<div class="servers">
    ${body(context)} ${said(context)}
    ${
      state.adding === null
        ? html`<div class="connect-row">
            <button type="button" class="quiet-button" @click=${() => act.setAdding(true)}>
              ${icon('add')}Add a server
            </button>
          </div>`
        : addForm(state.adding, act)
    }
  </div>`;
}

function body(context: ServersContext): Drawn {
  const { list, unread } = context.state;
  if (unread !== null)
    return html`<p class="empty is-error" role="alert">
      ${icon('warning')} ${failureText(unread)}
    </p>`;
  if (list === null)
    return html`<p class="empty" role="status">
      ${icon('loading', 'spin')} Asking for the servers
    </p>`;
  if (list.length === 0)
    return html`<p class="empty">
      ${icon('server')} No MCP server is added. Its tools would be there for you and for every
      agent, each call behind the same questions as everything else.
    </p>`;
  return html`<ul class="list">
    ${repeat(
      list,
      ({ server_id }) => server_id,
      (server) => serverItem(context, server),
    )}
  </ul>`;
}

/** What became of the last act. Read out, since it may be said far from the button. */
const said = ({ state: { said: last } }: ServersContext): TemplateResult =>
  html`<div class="servers-said" role=${last?.error === true ? 'alert' : 'status'}>
    ${
      last === null
        ? nothing
        : html`<p class=${last.error ? 'is-error' : ''}>
            ${icon(last.error ? 'warning' : 'info')} ${last.text}
          </p>`
    }
  </div>`;

function serverItem(context: ServersContext, server: ServerView): TemplateResult {
  const { panel, state, act } = context;
  const { name, health, isolation } = server;
  const isOpen = state.open?.name === name;
  const isOut = !server.off && server.login?.state === 'needed';
  const isSigning = isUnderWay(server.login);
  const [picture, tone] =
    isOut || isSigning ? (['key', 'warn'] as const) : healthIcons[health.state];
  const [badge, badgeWords, badgeTone] = isolationBadges[isolation.level];
  const problem = isOut || isSigning ? (server.login?.problem ?? null) : health.problem;
  const isKeptOut = (server.tools?.quarantined ?? 0) > 0 || !server.pins_intact;
  return html`<li class="item server">
    <button
      type="button"
      class="server-line tone-${tone}"
      aria-expanded=${String(isOpen)}
      @click=${() => act.toggle(name)}
    >
      ${icon(picture, picture === 'loading' ? 'spin' : '')}
      <span class="server-words">
        <span class="server-head">
          <strong>${name}</strong>
          <span class="badge badge-${badgeTone}">${icon(badge)}${badgeWords}</span>
          ${isOut ? html`<span class="badge badge-warn">${icon('sign-in')}needs sign-in</span>` : nothing}
          ${isKeptOut ? html`<span class="badge badge-warn">${icon('circle-slash')}changed</span>` : nothing}
        </span>
        <span class="item-aside">${healthText(server, panel.now)} · ${toolsText(server)}</span>
        ${
          problem === null
            ? nothing
            : html`<span class="item-warning">${icon('warning')} ${safeText(problem)}</span>`
        }
      </span>
      ${icon(isOpen ? 'chevron-up' : 'chevron-down')}
    </button>
    ${isOpen && state.open !== null ? serverDetail(context, server, state.open) : nothing}
  </li>`;
}
