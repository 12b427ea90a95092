import { html, nothing, type TemplateResult } from 'lit';
import { FIRST_STEPS } from '../state/model.ts';
import { firstSteps, orbView, type FirstSteps } from '../state/select.ts';
import type { PanelActions, ViewContext } from './context.ts';
import { trouble } from './banners.ts';
import { talkOrb } from './voice.ts';
import { icon, linkButton, type Drawn } from './parts.ts';

const HINT_EVERY_MS = 60 * 60_000;

/** Each teaches one thing that works today. */
export const hints = [
  'Not sure? Hold stops the clock and decides nothing.',
  'Hold the orb and say “open settings” or “run the tests”.',
  'Ctrl+Enter (⌘ on a Mac) approves the selected card, Ctrl+Backspace denies it.',
  'Tick “Other days, allow…” on a card to be asked less.',
  'Every line below opens: it shows the event as it was stored.',
  'Ask “why?” below, and Hob names the rule that decided.',
  'The Agents tab says what of each agent Hob really sees.',
] as const;

/** What can be done about what is wrong, as buttons; the orb's line says what it is. */
function remedies(context: ViewContext): Drawn {
  const acts = trouble(context)?.act ?? [];
  if (acts.length === 0) return nothing;
  return html`<div class="remedies">
    ${acts.map(
      ([label, run], at) =>
        html`<vscode-button ?secondary=${at > 0} @click=${run}>${label}</vscode-button>`,
    )}
  </div>`;
}

/** Nothing waits: the orb, one line under it, and one thing to learn. */
export function welcome(context: ViewContext): TemplateResult {
  const { state, actions } = context;
  const view = orbView(state);
  const steps = view.mood === 'idle' ? firstSteps(state) : null;
  const hint = hints[Math.floor(state.now / HINT_EVERY_MS) % hints.length];
  return html`<section class="welcome">
    ${talkOrb(context)}
    <p class="welcome-title">${steps === null ? view.title : 'Welcome to Hob'}</p>
    <p class="welcome-line">
      ${steps === null ? view.sentence : 'Agents ask here before they act. You answer.'}
    </p>
    ${remedies(context)} ${steps === null ? nothing : stepList(steps, actions)}
    ${
      steps === null && view.mood === 'idle'
        ? html`<p class="hint">${icon('lightbulb')} ${hint}</p>`
        : nothing
    }
  </section>`;
}

function stepList(steps: FirstSteps, actions: PanelActions): TemplateResult {
  return html`<ol class="steps">
      ${step(
        steps.answered,
        'Answer a question',
        linkButton('Let the demo agent ask', () => actions.runCommand('run_demo')),
      )}
      ${step(
        steps.said,
        'Say what you want',
        linkButton('Type “open settings”', () =>
          actions.dispatch({ kind: 'draft', text: 'open settings' }),
        ),
      )}
      ${step(
        steps.connected,
        'Connect an agent',
        linkButton('Show me the change first', () => actions.chooseAgent()),
      )}
    </ol>
    <p class="hint">
      ${linkButton('Leave these steps out', () => actions.dispatch({ kind: 'dismiss', approval_id: FIRST_STEPS }))}
    </p>`;
}

const step = (done: boolean, words: string, act: TemplateResult): TemplateResult =>
  html`<li class=${done ? 'is-done' : ''}>
    ${icon(done ? 'pass-filled' : 'circle-large-outline')}
    <span class="step-words"
      ><span>${words}${done ? html`<span class="sr-only">, done</span>` : ''}</span
      >${done ? '' : act}</span
    >
  </li>`;
