import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { InquiryView } from '#schema/views/inquiry.ts';
import { inquiryAloud } from './core/inquiry-words.ts';
import type { SpeechService } from './speech.ts';

/** Says what agents ask, until it is settled. */
export class InquiriesAloud {
  readonly #speech: SpeechService;
  readonly #saying = new Map<string, AbortController>();

  constructor(speech: SpeechService) {
    this.#speech = speech;
  }

  say(inquiry: InquiryView): void {
    const controller = new AbortController();
    const { inquiry_id, requester } = inquiry;
    this.#saying.set(inquiry_id, controller);
    void this.#speech
      .ask(inquiryAloud(inquiry), requester, controller.signal)
      .finally(() => this.#saying.delete(inquiry_id));
  }

  /** Called with every stored event: whatever else happens to a question than being asked ends it. */
  note(events: readonly StoredEvent[]): void {
    for (const { stream, event_type } of events)
      if (stream.stream_type === 'inquiry' && event_type !== 'inquiry.asked')
        this.#saying.get(stream.stream_id)?.abort();
  }
}
