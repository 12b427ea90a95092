import { html, nothing, type TemplateResult } from 'lit';
import { isConnected, orbView } from '../state/select.ts';
import {
  isGateOpen,
  isListening,
  micProblem,
  type SpokenTurn,
  type VoiceState,
} from '../state/voice.ts';
import { failureText } from '../words/failure.ts';
import { visibleText } from '../words/visible.ts';
import { whoName } from '../words/who.ts';
import { choice } from './choice.ts';
import { citedText } from './cited.ts';
import type { ViewContext } from './context.ts';
import { devicePicker } from './devices.ts';
import { orb } from './orb.ts';
import { icon, iconButton, linkButton, type Drawn } from './parts.ts';
import { undo } from './undo.ts';

/** What pressing would do now, for tooltips and screen readers. */
function talkLabel({ state }: ViewContext): string {
  if (!isGateOpen(state.voice)) return 'The microphone is switched off';
  if (isListening(state.voice)) return 'Listening. Press to end';
  switch (state.voice.config['talk']) {
    case 'hold':
      return 'Hold to talk';
    case 'tap':
      return 'Tap to talk';
    default:
      return 'Hold to talk, or tap and speak';
  }
}

/** The orb as the large thing to press. It looks as always; only the pointer says that it can be pressed. */
export function talkOrb(context: ViewContext): TemplateResult {
  const { state, parts } = context;
  const { title, sentence } = orbView(state);
  const { press } = parts;
  return html`<button
    type="button"
    class="orb-button"
    aria-label=${`${title}. ${sentence} ${talkLabel(context)}`}
    title=${talkLabel(context)}
    ?disabled=${!canTalk(context)}
    @pointerdown=${press.pointerdown}
    @pointerup=${press.pointerup}
    @lostpointercapture=${press.lostpointercapture}
    @keydown=${press.keydown}
    @keyup=${press.keyup}
    @blur=${press.blur}
  >
    ${orb(context, 'large')}
  </button>`;
}

const canTalk = ({ state }: ViewContext): boolean => isConnected(state) && isGateOpen(state.voice);

/** The microphone beside the field. */
export function micButton(context: ViewContext): TemplateResult {
  const { state, parts } = context;
  const { voice } = state;
  const { press } = parts;
  const on = isListening(voice);
  const bad = !isGateOpen(voice) || micProblem(voice) !== null;
  return html`<button
    type="button"
    class="icon-button mic-button ${on ? 'is-on' : ''}"
    title=${`${talkLabel(context)} (T, or Ctrl+Alt+Space anywhere)`}
    aria-label=${talkLabel(context)}
    aria-pressed=${String(on)}
    ?disabled=${!canTalk(context)}
    @pointerdown=${press.pointerdown}
    @pointerup=${press.pointerup}
    @lostpointercapture=${press.lostpointercapture}
    @keydown=${press.keydown}
    @keyup=${press.keyup}
    @blur=${press.blur}
  >
    ${icon(on ? 'mic-filled' : 'mic', bad ? 'mic-bad' : '')}
  </button>`;
}

/** Everything about speaking and hearing that has something to say now; nothing otherwise. */
export function voiceStrip(context: ViewContext): Drawn {
  const { voice } = context.state;
  const rows = [
    problemRow(context),
    voice.elsewhere
      ? html`<p class="voice-row">${icon('mic')} Another window is listening.</p>`
      : nothing,
    voice.spoken === null ? nothing : spokenRow(context, voice.spoken),
    captionRow(context),
    devicePicker(context),
  ];
  return rows.every((row) => row === nothing) ? nothing : html`<div class="voice">${rows}</div>`;
}

/** What is wrong with the microphone, at once and with what to do. */
function problemRow({ state, actions }: ViewContext): Drawn {
  const { voice } = state;
  if (!isGateOpen(voice)) {
    return html`<p class="voice-row" role="status">
      ${icon('mute')}
      <span
        >The microphone is switched off in Hob.
        ${linkButton('Switch it on', () => actions.setVoice({ gate: 'open' }))}</span
      >
    </p>`;
  }
  const problem = micProblem(voice);
  if (problem === null) return nothing;
  const isDevice = /^microphone_(missing|denied|busy|lost|failed|muted)$/.test(problem.code);
  return html`<div class="voice-row is-error" role="alert">
    ${icon('warning')}
    <span class="voice-words"
      >${failureText(problem)}
      ${problem.code === 'microphone_in_use' ? linkButton('Talk here instead', () => actions.talk('take_over')) : nothing}
      ${isDevice ? linkButton('Choose a microphone', () => actions.showDevices(true)) : nothing}
    </span>
    ${iconButton('close', 'Dismiss', () => actions.dispatch({ kind: 'spoken_closed' }))}
  </div>`;
}

function spokenRow(context: ViewContext, spoken: SpokenTurn): TemplateResult {
  const { state, actions } = context;
  if (spoken.state === 'editing') return correction(context, state.voice);
  const listens = spoken.state === 'listening';
  return html`<div class="voice-row spoken ${listens ? 'is-listening' : ''}">
    ${icon(listens ? 'mic-filled' : 'comment')}
    <span class="voice-words" role="status">${spokenWords(context, spoken)}</span>
    ${
      listens
        ? iconButton('close', 'Forget it (Esc)', () => actions.talk('cancel'))
        : spoken.ended === null
          ? iconButton('debug-stop', 'Cancel', () => actions.cancelTurn())
          : iconButton('close', 'Dismiss', () => actions.dispatch({ kind: 'spoken_closed' }))
    }
  </div>`;
}

function spokenWords(context: ViewContext, spoken: SpokenTurn): Drawn {
  const { actions } = context;
  const text = visibleText(spoken.text);
  if (spoken.state === 'listening') {
    return html`<span class="voice-place">Listening → ${actsOn(context, spoken)}</span>
      <span class="partial">${text === '' ? 'Speak now…' : `${text}…`}</span>`;
  }
  if (spoken.closest !== null) {
    return html`<span>I heard “<em>${text}</em>”.</span>
      <span class="closest"
        >${
          spoken.closest.length === 0
            ? 'That is nothing I know. Say “what can I say”, or type it.'
            : html`Closest:
              ${spoken.closest.slice(0, 3).map((phrase, at) => choice(phrase, at, actions))}`
        }</span
      >`;
  }
  const heard =
    text === ''
      ? nothing
      : html`<span class="turn-heard">“${text}” → ${actsOn(context, spoken)}</span>`;
  const { reply } = spoken;
  if (reply !== null)
    return html`${heard}<span>${citedText(reply.text, reply.seqs, actions)}</span>${undo(context, spoken.turn_id, 'spoken_closed')}`;
  return html`${heard}<span>${progress(spoken)}</span>`;
}

/** The window that a turn acts on, as a person calls it; or the agent that hears it. */
function actsOn({ state }: ViewContext, turn: SpokenTurn): string {
  const { acts_on, acts_on_name, inquiry_id } = turn;
  if (inquiry_id !== null) {
    const asked = state.inquiries.find((one) => one.inquiry_id === inquiry_id);
    return asked === undefined ? 'an agent' : whoName(asked.requester);
  }
  const here = acts_on === null || acts_on === state.bridge?.window_id;
  if (here) return state.bridge?.window_name ?? 'this window';
  const name = visibleText(acts_on_name ?? '');
  return name === '' ? 'another window' : `${name}, another window`;
}

const endings: Readonly<Record<string, string>> = {
  done: 'Done.',
  nothing_heard: 'I heard nothing. Is the microphone muted?',
  aborted: 'Forgotten.',
  cancelled: 'Forgotten.',
  superseded: 'You said something else.',
  taken_over: 'Another window took the microphone.',
  gate_closed: 'The microphone was switched off.',
  host_stopped: 'The host stopped. Say it again.',
  window_closed: 'The window was closed.',
};

function progress({ state, ended }: SpokenTurn): Drawn {
  if (ended !== null) return html`${endings[ended] ?? 'That did not work.'}`;
  const words = state === 'recognising' ? 'Understanding it' : 'Working on it';
  return html`${icon('loading', 'spin')} ${words}`;
}

/** What was heard, to be put right before anything is done. */
function correction({ state, actions }: ViewContext, voice: VoiceState): TemplateResult {
  const text = voice.correcting ?? '';
  const send = (event: Event): void => {
    event.preventDefault();
    actions.confirmTranscript(text);
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') actions.cancelTurn();
  };
  return html`<form class="correction" @submit=${send} @keydown=${onKey}>
    <label for="correction">I heard this. Correct it, then do it.</label>
    <input
      type="text"
      id="correction"
      class="say-input"
      autocomplete="off"
      maxlength="4096"
      .value=${text}
      @input=${(event: Event) => actions.dispatch({ kind: 'correct', text: (event.target as HTMLInputElement).value })}
    />
    <span class="correction-acts">
      <button type="button" class="quiet-button" @click=${() => actions.cancelTurn()}>
        Forget it
      </button>
      <vscode-button ?disabled=${text.trim() === '' || !isConnected(state)} @click=${send}
        >Do it</vscode-button
      >
    </span>
  </form>`;
}

/** What is said aloud, as text, and silence at one press. */
function captionRow({ state, actions }: ViewContext): Drawn {
  const { speaking, config } = state.voice;
  if (speaking === null) return nothing;
  const shows = config['captions'] !== false && speaking.text !== null;
  const who = speaking.by === null ? '' : `${visibleText(speaking.by)} says: `;
  return html`<div class="voice-row caption">
    ${icon('unmute')}
    <span class="voice-words"
      >${shows ? html`${who}${visibleText(speaking.text ?? '')}` : `${who === '' ? 'Speaking' : who}…`}
      ${speaking.total > 1 ? html`<span class="caption-count">${speaking.index + 1} of ${speaking.total}</span>` : nothing}</span
    >
    <button type="button" class="quiet-button" @click=${() => actions.stopSpeaking()}>
      ${icon('debug-stop')}Stop
    </button>
  </div>`;
}
