import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { TurnMoment, TurnView } from '#schema/views/turn.ts';
import { loudness } from '../orb/shape.ts';
import { isGateOpen } from '../state/voice.ts';
import { visibleText } from '../words/visible.ts';
import type { PanelActions, ViewContext } from './context.ts';
import type { TabPart } from './lazy-tab.ts';
import { icon, moment, type Drawn } from './parts.ts';

/** Quiet mode, devices, and the last spoken turns with every moment of them. */
export const voicePart = (actions: PanelActions): TabPart => ({
  see: () => undefined,
  draw: (state) => voiceTab({ state, actions }),
});

type Shown = Pick<ViewContext, 'state' | 'actions'>;

function voiceTab(context: Shown): TemplateResult {
  const { state, actions } = context;
  const { turns, config } = state.voice;
  return html`<div class="voice-tab">
    <div class="voice-switches">
      <label class="voice-switch">
        <input
          type="checkbox"
          .checked=${config['quiet'] === true}
          @change=${(event: Event) => actions.setVoice({ quiet: (event.target as HTMLInputElement).checked })}
        />
        <span>Quiet: show answers, do not say them</span>
      </label>
      <label class="voice-switch">
        <input
          type="checkbox"
          .checked=${!isGateOpen(state.voice)}
          @change=${(event: Event) => actions.setVoice({ gate: (event.target as HTMLInputElement).checked ? 'closed' : 'open' })}
        />
        <span>Microphone off: nothing is heard</span>
      </label>
      <button type="button" class="quiet-button" @click=${() => actions.showDevices(true)}>
        ${icon('mic')}Microphone and speaker
      </button>
    </div>
    ${
      turns === null || turns.length === 0
        ? html`<p class="empty">
            ${icon('mic')}
            ${
              turns === null
                ? 'What was heard comes here, with every moment of it.'
                : 'Nobody has spoken yet. Hold the orb, or Ctrl+Alt+Space anywhere, and say “open settings”.'
            }
          </p>`
        : html`<ul class="list turns">
            ${repeat(
              turns,
              ({ turn_id }) => turn_id,
              (turn) => turnItem(context, turn),
            )}
          </ul>`
    }
  </div>`;
}

const dash = '–';
const decibel = (rms: number): string =>
  rms <= 0 ? 'silence' : `${Math.round(20 * Math.log10(rms))} dB`;
const seconds = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`;

function turnItem({ state }: Shown, turn: TurnView): TemplateResult {
  const { heard, level } = turn;
  const title = heard === null ? endedWords(turn) : `“${visibleText(heard.text)}”`;
  return html`<li class="item turn-item">
    <details>
      <summary>
        ${icon(heard?.accepted === true ? 'check' : 'question')}
        <span class="turn-title">${title}</span>
        ${moment(turn.started_at, state.now)}
      </summary>
      ${picture(turn)}
      <dl class="turn-facts">
        <dt>Score</dt>
        <dd>${heard === null ? dash : heard.score.toFixed(2)}</dd>
        <dt>Sound over noise</dt>
        <dd>
          ${heard === null || heard.snr_db === null ? dash : `${Math.round(heard.snr_db)} dB`}
        </dd>
        <dt>Decided by</dt>
        <dd>${lookWords(turn)}</dd>
        <dt>Level</dt>
        <dd>
          ${level === null ? dash : `mean ${decibel(level.mean)}, peak ${decibel(level.peak)}`}
        </dd>
        <dt>Microphone</dt>
        <dd>${turn.device ?? dash}</dd>
        <dt>May answer a question</dt>
        <dd>${turn.can_decide ? 'yes, opened by hand' : 'no'}</dd>
      </dl>
      <ol class="moments">
        ${turn.moments.map(momentLine)}
      </ol>
    </details>
  </li>`;
}

const looks: Readonly<Record<string, string>> = {
  first: 'the first look',
  second: 'a second look',
  model: 'a second look, by the speech model',
};
function lookWords({ moments }: TurnView): string {
  const look = moments.find(({ kind }) => kind === 'final')?.data['look'];
  return (typeof look === 'string' ? looks[look] : undefined) ?? dash;
}

const endedWords = ({ ended_reason: why }: TurnView): string =>
  why === null ? 'Going on' : why.replaceAll('_', ' ');

const kinds: Readonly<Record<TurnMoment['kind'], readonly [icon: string, name: string]>> = {
  state: ['arrow-right', 'State'],
  microphone: ['mic', 'Microphone'],
  speech: ['pulse', 'Speech'],
  partial: ['ellipsis', 'Guess'],
  final: ['comment', 'Heard'],
  intent: ['lightbulb', 'Meaning'],
  decision: ['law', 'Decision'],
  tool: ['tools', 'Tool'],
  answer: ['comment-discussion', 'Answer'],
  question: ['question', 'Question'],
  spoken: ['unmute', 'Spoken'],
  error: ['error', 'Error'],
};

function momentLine({ at_ms, kind, text }: TurnMoment): TemplateResult {
  const [picture, name] = kinds[kind];
  return html`<li class="moment ${kind === 'error' ? 'is-error' : ''}">
    <span class="moment-at">${seconds(at_ms)}</span>
    ${icon(picture)} <span class="moment-kind">${name}</span>
    <span class="moment-text">${visibleText(text)}</span>
  </li>`;
}

type Levels = NonNullable<TurnView['level']>['points'];

const WIDTH = 240;
const LEVEL_HEIGHT = 28;
const HEIGHT = 48;

/** The turn from left to right: how loud it was, when somebody spoke, and when what happened. */
function picture(turn: TurnView): Drawn {
  const levels = turn.level?.points ?? [];
  const end = Math.max(1, ...turn.moments.map(({ at_ms }) => at_ms), levels.at(-1)?.[0] ?? 0);
  if (turn.moments.length === 0) return nothing;
  const x = (ms: number): number => Math.round((ms / end) * WIDTH * 10) / 10;
  const label = `From left to right ${seconds(end)}: level, speech and moments. The list below says the same in words.`;
  return html`<svg
    class="turn-picture"
    viewBox="0 0 ${WIDTH} ${HEIGHT}"
    preserveAspectRatio="none"
    role="img"
    aria-label=${label}
  >
    ${levels.length === 0 ? nothing : svg`<path class="level-line" d=${levelPath(levels, x)} />`}
    ${speechSpans(turn, end).map(([from, to]) => svg`<rect class="speech-span" x=${x(from)} y=${LEVEL_HEIGHT + 3} width=${Math.max(1, x(to) - x(from))} height="5" />`)}
    ${turn.moments.map((one) => tick(one, x(one.at_ms)))}
  </svg>`;
}

function levelPath(levels: Levels, x: (ms: number) => number): string {
  const points = levels.map(
    ([at, rms]) => `${x(at)} ${(LEVEL_HEIGHT * (1 - loudness(rms))).toFixed(1)}`,
  );
  return `M0 ${LEVEL_HEIGHT} L${points.join(' L')} L${x(levels.at(-1)?.[0] ?? 0)} ${LEVEL_HEIGHT} Z`;
}

/** When the VAD heard somebody. What had not ended lasts to the end. */
function speechSpans({ moments }: TurnView, end: number): [number, number][] {
  const spans: [number, number][] = [];
  let since: number | null = null;
  for (const { kind, at_ms, data } of moments) {
    if (kind !== 'speech') continue;
    if (data['speaking'] === true) since ??= at_ms;
    else if (since !== null) {
      spans.push([since, at_ms]);
      since = null;
    }
  }
  if (since !== null) spans.push([since, end]);
  return spans;
}

const tick = ({ kind }: TurnMoment, at: number): SVGTemplateResult | typeof nothing =>
  kind === 'speech' || kind === 'state'
    ? nothing
    : svg`<rect class="tick tick-${kind}" x=${Math.min(at, WIDTH - 2)} y=${LEVEL_HEIGHT + 11} width="2" height="8" />`;
