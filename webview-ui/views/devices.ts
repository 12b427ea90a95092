import { html, nothing, type TemplateResult } from 'lit';
import type { CommandResult } from '#schema/commands/registry.ts';
import { isMicOpen } from '../state/voice.ts';
import { failureText } from '../words/failure.ts';
import type { ViewContext } from './context.ts';
import { icon, iconButton, type Drawn } from './parts.ts';

type Device = CommandResult<'audio.device_list'>['inputs'][number];

/** Microphone and speaker, chosen with the level in sight. */
export function devicePicker(context: ViewContext): Drawn {
  const { state, actions } = context;
  const { devices } = state.voice;
  if (devices === null) return nothing;
  const { list, error } = devices;
  return html`<section class="devices" aria-label="Microphone and speaker">
    <div class="devices-head">
      <strong>Microphone and speaker</strong>
      ${iconButton('refresh', 'Look again', () => actions.showDevices(true))}
      ${iconButton('close', 'Close', () => actions.showDevices(false))}
    </div>
    ${error === null ? nothing : html`<p class="is-error">${icon('warning')} ${failureText(error)}</p>`}
    ${list === null && error === null ? html`<p>${icon('loading', 'spin')} Looking for devices</p>` : nothing}
    ${list === null ? nothing : choices(context, list)}
  </section>`;
}

function choices(context: ViewContext, list: CommandResult<'audio.device_list'>): TemplateResult {
  const problems = list.engines.filter(({ problem }) => problem !== null);
  return html`${select(context, 'input_device', 'Microphone', list.inputs)}
  ${list.inputs.length === 0 ? nothing : levelRow(context)}
  ${select(context, 'output_device', 'Speaker', list.outputs)}
  ${problems.map(({ part, engine, problem }) => html`<p class="devices-note">${icon('info')} ${part}: ${engine}. ${problem}</p>`)}`;
}

/** What the chosen microphone hears, or why nothing is shown of it. */
function levelRow({ state, parts }: ViewContext): TemplateResult {
  const { devices } = state.voice;
  const deaf = devices?.deaf ?? null;
  if (deaf !== null)
    return html`<p class="is-error" role="alert">${icon('warning')} ${failureText(deaf)}</p>`;
  return html`<div class="level-row">
    <hob-level .level=${parts.level}></hob-level>
    <span>${isMicOpen(state.voice) ? 'It is open: this is what it hears' : 'Opening it…'}</span>
  </div>`;
}

function select(
  { state, actions }: ViewContext,
  name: 'input_device' | 'output_device',
  label: string,
  devices: readonly Device[],
): TemplateResult {
  const chosen = state.voice.config[name] ?? null;
  if (devices.length === 0)
    return html`<p class="devices-none">
      ${icon('warning')} This machine has no ${label.toLowerCase()}. Connect one, then look again.
    </p>`;
  const isGone = typeof chosen === 'string' && devices.every(({ id }) => id !== chosen);
  return html`<label class="device">
    <span>${label}</span>
    <select
      @change=${(event: Event) => {
        const { value } = event.target as HTMLSelectElement;
        actions.setVoice({ [name]: value === '' ? null : value });
      }}
    >
      <option value="" ?selected=${chosen === null}>What the system prefers</option>
      ${isGone ? html`<option value=${chosen} selected>The chosen one, not connected</option>` : nothing}
      ${devices.map(
        ({ id, name: title, is_default: preferred }) =>
          html`<option value=${id} ?selected=${id === chosen}>
            ${title}${preferred ? ' (preferred)' : ''}
          </option>`,
      )}
    </select>
  </label>`;
}
