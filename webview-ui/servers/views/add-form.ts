import { html, nothing, type TemplateResult } from 'lit';
import { icon } from '../../views/parts.ts';
import type { Adding, NewServer } from '../model.ts';
import { isAddress } from '../new-server.ts';
import type { ServersActions } from './context.ts';

type Ticked = 'network' | 'privateNetwork' | 'asProgram';
type Written = Exclude<keyof NewServer, Ticked>;

/** A server written down. Sending it only asks: a card shows the whole of it before anything starts. */
export function addForm({ fields, sending, problem }: Adding, act: ServersActions): TemplateResult {
  const write = (name: Written) => (event: Event) =>
    act.write({ [name]: (event.target as HTMLInputElement).value });
  const line = (label: string, name: Written, hint: string): TemplateResult =>
    html`<label class="field">
      <span>${label}</span>
      <input
        type="text"
        spellcheck="false"
        placeholder=${hint}
        .value=${fields[name]}
        @input=${write(name)}
      />
    </label>`;
  const lines = (label: string, name: Written, hint = ''): TemplateResult =>
    html`<label class="field">
      <span>${label}</span>
      <textarea
        rows="2"
        spellcheck="false"
        placeholder=${hint}
        .value=${fields[name]}
        @input=${write(name)}
      ></textarea>
    </label>`;
  const tick = (label: string, name: Ticked): TemplateResult =>
    html`<label class="field-tick">
      <input
        type="checkbox"
        .checked=${fields[name]}
        @change=${(event: Event) => act.write({ [name]: (event.target as HTMLInputElement).checked })}
      />
      <span>${label}</span>
    </label>`;
  return html`<form
    class="form add-form"
    aria-label="Add a server"
    @submit=${(event: Event) => {
      event.preventDefault();
      act.add();
    }}
    @keydown=${(event: KeyboardEvent) => {
      if (event.key === 'Escape') act.setAdding(false);
    }}
  >
    ${line('Name', 'name', 'files')}
    ${line('Program with its arguments, without a shell, or an address', 'reached', 'npx -y some-mcp-server')}
    ${
      isAddress(fields.reached)
        ? html`${line('Secret of the vault that is its bearer token', 'secrets', 'none')}
            ${tick('It may lie in a private network', 'privateNetwork')}
            <details>
              <summary>How Hob signs in there (OAuth)</summary>
              <p class="field-note">
                Left empty, Hob registers itself when you sign in. Secrets are named as they are in
                the vault.
              </p>
              ${line('Client ID, as it was registered there', 'clientId', 'none')}
              ${line('Secret of the vault that is the client secret', 'clientSecret', 'none')}
              ${line('Secret of the vault that is its private key', 'privateKey', 'none')}
              ${line('Address of a document about the client', 'clientMetadata', 'https://…')}
              ${line('Scope, where the server does not say', 'scope', 'none')}
              ${tick('Sign in as a program, without a browser', 'asProgram')}
            </details>`
        : html`${line('Variables of yours that it gets, by name', 'variables', 'none')}
            ${lines('Variables with a value that all may see, one a line', 'values', 'LEVEL=debug')}
            ${line('Variables that get a secret of the vault', 'secrets', 'TOKEN=name-of-the-secret')}
            <details>
              <summary>What it may reach when it is isolated</summary>
              ${line('Started in the folder', 'cwd', 'a folder that it may read')}
              ${lines('May read these folders, one a line', 'reads')}
              ${lines('May change these folders, one a line', 'writes')}
              ${tick('May reach the network', 'network')}
            </details>`
    }
    ${problem === null ? nothing : html`<p class="is-error" role="alert">${icon('warning')} ${problem}</p>`}
    <div class="item-acts">
      <button type="submit" class="quiet-button" aria-disabled=${String(sending)}>
        ${icon('add')}Ask for it
      </button>
      <button type="button" class="quiet-button" @click=${() => act.setAdding(false)}>
        ${icon('discard')}Leave it
      </button>
    </div>
  </form>`;
}
