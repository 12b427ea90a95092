import type { TalkAct } from '#schema/views/bridge.ts';

/** What a hand does to something that is pressed to talk, as listeners of one element. */
export interface PressListeners {
  pointerdown(event: PointerEvent): void;
  pointerup(event: PointerEvent): void;
  lostpointercapture(): void;
  keydown(event: KeyboardEvent): void;
  keyup(event: KeyboardEvent): void;
  /** The focus left something that is pressed by a key; a pointer is captured, and loses no focus. */
  blur(): void;
  /** The whole window lost the focus: whatever is pressed is let go. */
  leave(): void;
}

/**
 * Press and hold with pointer or key. The pointer is captured, so that letting go outside counts; a capture
 * or a focus that is lost while pressed lets go too. Repeats of the key are not presses.
 */
export function pressListeners(talk: (act: TalkAct) => void): PressListeners {
  let pressed: 'pointer' | 'key' | null = null;
  const begin = (by: 'pointer' | 'key'): void => {
    if (pressed !== null) return;
    pressed = by;
    talk('press');
  };
  const end = (act: 'release' | 'lost'): void => {
    if (pressed === null) return;
    pressed = null;
    talk(act);
  };
  return {
    pointerdown: (event) => {
      if (event.button !== 0) return;
      (event.currentTarget as Element).setPointerCapture(event.pointerId);
      begin('pointer');
    },
    pointerup: () => pressed === 'pointer' && end('release'),
    lostpointercapture: () => pressed === 'pointer' && end('lost'),
    keydown: (event) => {
      if (event.key !== ' ' && event.key !== 'Enter') return;
      event.preventDefault();
      if (!event.repeat) begin('key');
    },
    keyup: (event) => {
      if (pressed === 'key' && (event.key === ' ' || event.key === 'Enter')) end('release');
    },
    blur: () => pressed === 'key' && end('lost'),
    leave: () => end('lost'),
  };
}
