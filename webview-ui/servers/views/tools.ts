import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { ServerToolView, ServerView } from '#schema/views/server.ts';
import { openOnes } from '../../state/approvals.ts';
import { icon, safeText, type Drawn } from '../../views/parts.ts';
import type { OpenServer } from '../model.ts';
import type { ServersContext } from './context.ts';
import { tryForm } from './try-form.ts';

/** The tools of a server: which may be called, and what changed of those that may not. */
export function toolList(
  context: ServersContext,
  server: ServerView,
  open: OpenServer,
): TemplateResult {
  const { tools } = open;
  if (tools === null)
    return html`<p class="item-aside">${icon('loading', 'spin')} Reading its tools</p>`;
  if (tools.length === 0)
    return html`<p class="item-aside">It has shown no tools yet. Start it to see them.</p>`;
  const left = server.tools?.left_out ?? 0;
  return html`${tools.some(({ state }) => state === 'quarantined') ? keptOut(context, server) : nothing}
    <ul class="server-tools" aria-label="Tools of ${server.name}">
      ${repeat(
        tools,
        ({ name }) => name,
        (tool) => toolItem(context, server, open, tool),
      )}
    </ul>
    ${left === 0 ? nothing : html`<p class="item-aside">${left} more left out: too many, or with a name that cannot be called.</p>`}`;
}

/** That something is kept out, and the card that asks about it or a way to be asked again. */
function keptOut({ panel, act }: ServersContext, server: ServerView): TemplateResult {
  const question = openOnes(panel.approvals).find(
    ({ call }) => call.action === 'server.pin' && call.arguments['server_id'] === server.server_id,
  );
  const button =
    question === undefined
      ? html`<button type="button" class="quiet-button" @click=${() => act.review(server.name)}>
          ${icon('question')}Ask me again
        </button>`
      : html`<button
          type="button"
          class="quiet-button"
          @click=${() => act.panel({ kind: 'focus_approval', approval_id: question.approval_id })}
        >
          ${icon('arrow-up')}Show the card
        </button>`;
  const words = server.pins_intact
    ? question === undefined
      ? 'What changed stays out until you accept it.'
      : 'It says something else than what you accepted. A card at the top asks: approve takes it in, deny keeps it out.'
    : 'What is stored of its pins does not fit together, so nothing of it is called. Remove it and add it again.';
  return html`<div class="server-changed">
    <p>${icon('circle-slash')} ${words}</p>
    ${server.pins_intact ? button : nothing}
  </div>`;
}

function toolItem(
  context: ServersContext,
  server: ServerView,
  open: OpenServer,
  tool: ServerToolView,
): TemplateResult {
  const isOpen = open.openTool === tool.name;
  const isOut = tool.state === 'quarantined';
  return html`<li class="server-tool">
    <button
      type="button"
      class="tool-line"
      aria-expanded=${String(isOpen)}
      @click=${() => context.act.toggleTool(tool.name)}
    >
      ${icon(isOut ? 'circle-slash' : 'pinned', isOut ? 'is-out' : '')}
      <span class="tool-words">
        <code>${safeText(tool.name)}</code>
        ${isOut ? html`<span class="tool-out">kept out</span>` : nothing}
        ${isOpen ? nothing : html`<span class="item-aside tool-says">${safeText(tool.description)}</span>`}
      </span>
    </button>
    ${isOpen ? toolDetail(context, server, open, tool) : nothing}
  </li>`;
}

function toolDetail(
  context: ServersContext,
  server: ServerView,
  open: OpenServer,
  tool: ServerToolView,
): TemplateResult {
  const { act } = context;
  const isTried = open.trial?.tool === tool.name;
  return html`<div class="tool-detail">
    ${tool.title === null ? nothing : html`<strong>${safeText(tool.title)}</strong>`}
    <p class="tool-description">${safeText(tool.description)}</p>
    <span class="item-aside">${pinWords(tool)}</span>
    ${claims(tool)} ${tool.diff === null ? nothing : diffOf(tool.name, tool.diff)}
    ${
      tool.state === 'quarantined'
        ? nothing
        : isTried
          ? tryForm(context, server, open)
          : html`<div class="item-acts">
              <button
                type="button"
                class="quiet-button"
                data-hand="try"
                @click=${() => act.setTrial(tool.name)}
              >
                ${icon('play')}Try it
              </button>
            </div>`
    }
  </div>`;
}

const PIN_SHOWN = 12;

const pinWords = ({ pin }: ServerToolView): TemplateResult =>
  pin === null
    ? html`Never accepted: it came later than the server.`
    : html`Pinned as <code title=${pin}>${pin.slice(0, PIN_SHOWN)}…</code>`;

/** What a server says of its tool decides nothing, so it is told as its words. */
function claims({ definition: { annotations } }: ServerToolView): Drawn {
  const said = Object.entries(annotations ?? {}).map(
    ([name, value]) => `${name}: ${JSON.stringify(value)}`,
  );
  return said.length === 0
    ? nothing
    : html`<span class="item-aside">It says of itself: ${safeText(said.join(', '))}</span>`;
}

const tones: Readonly<Record<string, string>> = {
  '+': 'diff-added',
  '-': 'diff-removed',
  '@': 'diff-place',
};

function diffOf(name: string, diff: string): TemplateResult {
  const lines = diff.split('\n').filter((line) => line !== '' && !/^(---|\+\+\+) /.test(line));
  return html`<pre class="diff-lines tool-diff" tabindex="0" aria-label="What changed of ${name}">
${lines.map((line) => html`<span class=${tones[line[0] ?? ''] ?? ''}>${safeText(line)} </span>`)}</pre>`;
}
