import { html, LitElement, type TemplateResult } from 'lit';
import { loudness } from '../orb/shape.ts';
import type { SoundLevel } from '../orb/sound-level.ts';

/** A bar as long as it is loud. Fed past the panel's state, so the panel is not drawn 20 times a second. */
export class HobLevel extends LitElement {
  static override properties = { level: { attribute: false } };
  declare level: SoundLevel | null;
  #end: () => void = () => {};

  constructor() {
    super();
    this.level = null;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    return html`<meter min="0" max="1" value="0" aria-label="Level of the microphone"></meter>`;
  }

  protected override updated(): void {
    this.#end();
    const meter = this.querySelector('meter');
    this.#end =
      this.level?.listen((rms, of) => {
        if (meter !== null && of === 'microphone') meter.value = loudness(rms);
      }) ?? (() => {});
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#end();
  }
}
