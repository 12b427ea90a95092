// The sheet that connects an agent: loaded when somebody opens it.
// oxlint-disable-next-line import/no-unassigned-import -- so that it stays in front of the schemas that both scripts share
import '../without-eval.ts';
import { html, nothing, type TemplateResult } from 'lit';
import type { ConnectPlan, InstallLink } from '#schema/views/agent.ts';
import { agentDisplays, hookedAgents, isHookedAgent } from '#schema/views/hooked-agents.ts';
import type { Connect } from '../state/model.ts';
import { failureText } from '../words/failure.ts';
import type { PanelActions } from './context.ts';
import { coverageLists } from './coverage.ts';
import type { TabPart } from './lazy-tab.ts';
import { icon, iconButton, safeText } from './parts.ts';

/** Its state is the panel's, so that it is only drawn here. */
export const connectPart = (actions: PanelActions): TabPart => ({
  see: () => undefined,
  draw: ({ connect }) => (connect === null ? html`` : sheet(connect, actions)),
});

/** Connecting an agent: choose, see file and diff, write, and a way back. */
function sheet(connect: Connect, actions: PanelActions): TemplateResult {
  return html`<section class="sheet" aria-label="Connect an agent">
    <div class="sheet-head">
      <h2 tabindex="-1">${titleOf(connect)}</h2>
      ${iconButton('close', 'Close', () => actions.dispatch({ kind: 'connect', connect: null }))}
    </div>
    ${body(connect, actions)}
  </section>`;
}

const displayOf = (name: string): string => (isHookedAgent(name) ? agentDisplays[name] : name);

function titleOf(connect: Connect): string {
  if (connect.step === 'choosing') return 'Connect an agent';
  const verb = connect.undo ? 'Disconnect' : 'Connect';
  return `${verb} ${displayOf(connect.name)}`;
}

function body(connect: Connect, actions: PanelActions): TemplateResult {
  switch (connect.step) {
    case 'choosing':
      return html`<p>Pick one. You see the exact change before anything is written.</p>
        <div class="choices">
          ${hookedAgents.map(
            (name) =>
              html`<vscode-button secondary @click=${() => actions.planConnection(name, false)}
                >${agentDisplays[name]}</vscode-button
              >`,
          )}
        </div>
        ${connect.links === null ? nothing : otherClients(connect.links)}`;
    case 'planning':
      return html`<p role="status">
        ${icon('loading', 'spin')} Looking for ${displayOf(connect.name)}…
      </p>`;
    case 'plan':
      return planView(connect, actions);
    case 'done':
      return doneView(connect, actions);
    case 'failed':
      return html`<p class="is-error" role="alert">
          ${icon('error')} ${failureText(connect.error)}
        </p>
        <vscode-button secondary @click=${() => actions.planConnection(connect.name, connect.undo)}
          >Look again</vscode-button
        >`;
  }
}

/** For clients whose files Hob does not write: their tools ask, the rest of what they do does not. */
const otherClients = (links: readonly InstallLink[]): TemplateResult =>
  html`<details class="other-clients">
    <summary>Another client: only give it Hob's tools</summary>
    ${links.map(
      ({ title, text }) =>
        html`<div class="file">
          <div class="file-path">${title}</div>
          <pre class="diff-lines" tabindex="0" aria-label=${title}>${safeText(text.trimEnd())}</pre>
        </div>`,
    )}
  </details>`;

function planView(
  connect: Extract<Connect, { step: 'plan' }>,
  actions: PanelActions,
): TemplateResult {
  const { plan, undo } = connect;
  const changes = plan.files.filter((file) => file.before !== file.after);
  return html`
    ${found(plan)} ${plan.notes.map((note) => html`<p class="note">${icon('info')} ${note}</p>`)}
    ${changes.map(
      (file) =>
        html`<div class="file">
          <div class="file-path">
            ${icon('file')}
            <code>${safeText(file.path)}</code>
            ${file.before === null ? html`<span class="badge">new</span>` : nothing}
          </div>
          <pre class="diff-lines" tabindex="0" aria-label="What changes in ${file.path}">
${file.diff.split('\n').map((line) => html`<span class=${toneOf(line)}>${safeText(line)} </span>`)}</pre>
        </div>`,
    )}
    ${connect.error === null ? nothing : html`<p class="is-error" role="alert">${icon('error')} ${failureText(connect.error)}</p>`}
    ${
      changes.length === 0
        ? html`<p>
            ${icon('check')}
            ${undo ? 'Nothing of Hob is in its files.' : 'Its files say so already. Nothing to write.'}
          </p>`
        : html`<div class="answers">
            <vscode-button
              ?disabled=${connect.applying}
              data-guard="connect"
              @click=${() => actions.applyConnection()}
            >
              ${undo ? 'Take it out' : `Write ${changes.length === 1 ? 'this file' : `these ${changes.length} files`}`}
            </vscode-button>
            ${connect.applying ? html`<span class="sending" role="status">${icon('loading', 'spin')}<span class="sr-only">Writing</span></span>` : nothing}
          </div>`
    }
    ${undo ? nothing : coverageLists(plan.covered, plan.not_covered)}
  `;
}

function found(plan: ConnectPlan): TemplateResult {
  if (plan.found === null) {
    return html`<p class="note">
      ${icon('warning')} ${plan.display} was not found here. You can still write its settings for
      later.
    </p>`;
  }
  const { executable, version, config_dir: folder } = plan.found;
  return html`<p class="note">
    ${icon('check')} Found ${plan.display}${version === null ? '' : ` ${version}`}
    <span class="item-aside">${executable ?? folder}</span>
  </p>`;
}

const toneOf = (line: string): string => {
  if (line.startsWith('+++') || line.startsWith('---') || line.startsWith('@@'))
    return 'diff-place';
  return line.startsWith('+') ? 'diff-added' : line.startsWith('-') ? 'diff-removed' : '';
};

function doneView(
  connect: Extract<Connect, { step: 'done' }>,
  actions: PanelActions,
): TemplateResult {
  const { name, plan, undo } = connect;
  if (undo)
    return html`<p class="tone-good">
      ${icon('check')} Taken out. ${plan.display} does not ask Hob any more.
    </p>`;
  return html`<p class="tone-good">
      ${icon('check')} Connected. Restart ${plan.display}, then let it run something: it asks here
      first.
    </p>
    ${coverageLists(plan.covered, plan.not_covered)}
    <div class="answers">
      <button type="button" class="quiet-button" @click=${() => actions.planConnection(name, true)}>
        Undo
      </button>
    </div>`;
}
