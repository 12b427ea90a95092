import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { OrbPainter, type OrbFrame, type Rgb } from './painter.ts';
import {
  between,
  CHANGE_MS,
  followLevel,
  IDLE_REST_MS,
  loudness,
  ratePerSecond,
  shapes,
  type OrbMood,
  type OrbShape,
} from './shape.ts';
import type { SoundLevel } from './sound-level.ts';

export type OrbPalette = Readonly<Record<string, string>>;
/** Moods whose colour people may choose (orb.palette.set). */
const paintable = ['idle', 'listening', 'thinking', 'speaking', 'waiting'] as const;
/** The canvas is this much wider than the orb, for glow and rings. */
const ROOM = 1.5;
/** With less motion the orb shows the loudness in so many still pictures. */
const STILL_STEPS = 4;
const nothingToDo = (): void => {};

/**
 * The orb. Drawn with WebGL as often as its mood needs and never while nobody can see it; where there is no
 * WebGL, the same moods are drawn in CSS underneath. Its words belong to whoever places it.
 */
export class HobOrb extends LitElement {
  static override properties = {
    mood: { attribute: false },
    count: { attribute: false },
    palette: { attribute: false },
    level: { attribute: false },
  };
  declare mood: OrbMood;
  declare count: number;
  declare palette: OrbPalette | null;
  declare level: SoundLevel | null;

  #painter: OrbPainter | null = null;
  #ends: (() => void)[] = [];
  #unfollow = nothingToDo;
  #seen = true;
  #born = 0;
  #from: OrbShape = shapes.starting;
  #shown: OrbMood | null = null;
  #changedAt = -Infinity;
  #restAt = 0;
  #heard = 0;
  #loud = 0;
  #drawnAt = 0;
  #tone: Rgb = [0.5, 0.5, 0.5];
  #line: Rgb | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #still = matchMedia('(prefers-reduced-motion: reduce)');

  constructor() {
    super();
    this.mood = 'starting';
    this.count = 0;
    this.palette = null;
    this.level = null;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const shown = this.count > 99 ? '99+' : String(this.count);
    return html`<span class="orb-body"></span><span class="orb-drift"></span
      ><span class="orb-ring"></span
      ><canvas class="orb-canvas" aria-hidden="true"></canvas
      >${this.count > 0 ? html`<span class="orb-count" aria-hidden="true">${shown}</span>` : nothing}`;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const look = (): void => this.#changed();
    const recolour = new MutationObserver(look);
    recolour.observe(document.body, { attributes: true, attributeFilter: ['class'] });
    const sight = new IntersectionObserver(([entry]) => {
      this.#seen = entry?.isIntersecting ?? true;
      this.#next();
    });
    sight.observe(this);
    // A low panel makes it smaller, and a resting orb would be that picture, stretched.
    const size = new ResizeObserver(look);
    size.observe(this);
    const wake = (): void => this.#next();
    document.addEventListener('visibilitychange', wake);
    this.#still.addEventListener('change', look);
    this.addEventListener('pointerenter', look);
    this.#ends = [
      () => recolour.disconnect(),
      () => sight.disconnect(),
      () => size.disconnect(),
      () => document.removeEventListener('visibilitychange', wake),
      () => this.#still.removeEventListener('change', look),
      () => this.removeEventListener('pointerenter', look),
    ];
    this.#follow();
    if (this.hasUpdated) this.#open();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const end of this.#ends.splice(0)) end();
    this.#unfollow();
    this.#stop();
    this.#painter?.close();
    this.#painter = null;
  }

  protected override firstUpdated(): void {
    this.#open();
    const canvas = this.querySelector('canvas');
    canvas?.addEventListener('webglcontextlost', (event) => {
      event.preventDefault();
      this.#painter = null;
      this.toggleAttribute('drawn', false);
    });
    canvas?.addEventListener('webglcontextrestored', () => this.#open());
  }

  protected override updated(changed: Map<PropertyKey, unknown>): void {
    for (const mood of paintable) {
      const colour = this.palette?.[mood];
      if (colour === undefined) this.style.removeProperty(`--orb-${mood}`);
      else this.style.setProperty(`--orb-${mood}`, colour);
    }
    if (changed.has('level')) this.#follow();
    this.#changed();
  }

  #follow(): void {
    this.#unfollow();
    this.#unfollow = this.level?.listen((rms) => this.#hear(loudness(rms))) ?? nothingToDo;
  }

  #hear(loud: number): void {
    const before = Math.round(this.#heard * STILL_STEPS);
    this.#heard = loud;
    if (this.#still.matches && Math.round(loud * STILL_STEPS) !== before) this.#draw();
  }

  #open(): void {
    const canvas = this.querySelector('canvas');
    this.#painter ??= canvas === null ? null : OrbPainter.open(canvas);
    this.toggleAttribute('drawn', this.#painter !== null);
    this.#born = Date.now();
    this.#changed();
  }

  /** Mood, colours or theme may be others now. */
  #changed(): void {
    const now = Date.now();
    if (this.#shown !== null && this.#shown !== this.mood) this.#from = this.#shape(now);
    // The first mood is there at once.
    if (this.#shown !== this.mood)
      this.#changedAt = this.#shown === null || this.#still.matches ? -Infinity : now;
    this.#shown = this.mood;
    const style = getComputedStyle(this);
    this.#tone = rgb(style.getPropertyValue('--tone')) ?? this.#tone;
    this.#line = document.body.matches('.vscode-high-contrast, .vscode-high-contrast-light')
      ? rgb(style.getPropertyValue('--vscode-contrastBorder'))
      : null;
    this.#restAt = now + IDLE_REST_MS;
    this.#draw();
  }

  #shape(now: number): OrbShape {
    const at = Math.min(1, (now - this.#changedAt) / CHANGE_MS);
    return at >= 1 ? shapes[this.mood] : between(this.#from, shapes[this.mood], at);
  }

  #draw(): void {
    this.#stop();
    const painter = this.#painter;
    const canvas = this.querySelector('canvas');
    if (painter === null || canvas === null || !this.#isSeen()) return;
    const now = Date.now();
    const side = Math.round(this.clientWidth * ROOM * devicePixelRatio);
    if (side > 0 && canvas.width !== side) {
      canvas.width = side;
      canvas.height = side;
    }
    painter.draw(this.#frame(now));
    this.#drawnAt = now;
    this.#next();
  }

  #frame(now: number): OrbFrame {
    const shape = this.#shape(now);
    const tone = this.#tone;
    const line = this.#line;
    if (this.#still.matches) {
      const level = Math.round(this.#heard * STILL_STEPS) / STILL_STEPS;
      return { shape: { ...shape, breath: 0 }, time: 1.3, level, tone, line };
    }
    this.#loud = followLevel(this.#loud, this.#heard, now - this.#drawnAt);
    return { shape, time: (now - this.#born) / 1_000, level: this.#loud, tone, line };
  }

  /** The next picture, if one is due: none for what stands still, and none that nobody would see. */
  #next(): void {
    if (this.#timer !== null || this.#still.matches || !this.#isSeen()) return;
    const now = Date.now();
    const isChanging = now - this.#changedAt < CHANGE_MS;
    const isResting = this.mood === 'idle' && now > this.#restAt;
    const rate = isChanging ? 60 : isResting ? 0 : ratePerSecond[this.mood];
    if (rate === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      requestAnimationFrame(() => this.#draw());
    }, 1_000 / rate);
  }

  #stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #isSeen(): boolean {
    return this.#seen && this.isConnected && document.visibilityState === 'visible';
  }
}

/** `#rrggbb` (or what a browser writes instead) as numbers; null when it is something else. */
function rgb(text: string): Rgb | null {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text.trim());
  if (hex !== null) {
    const [, red, green, blue] = hex;
    const part = (two: string | undefined): number => Number.parseInt(two ?? '0', 16) / 255;
    return [part(red), part(green), part(blue)];
  }
  const parts = /^rgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)/.exec(text.trim());
  if (parts === null) return null;
  return [Number(parts[1]) / 255, Number(parts[2]) / 255, Number(parts[3]) / 255];
}
