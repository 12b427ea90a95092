import type { TemplateResult } from 'lit';
import type { FormField } from '#schema/views/form-field.ts';
import type { InquiryView } from '#schema/views/inquiry.ts';
import type { PanelState } from '../state/model.ts';
import type { PanelActions } from '../views/context.ts';
import type { TabPart, TabPorts } from '../views/lazy-tab.ts';
import { contentOf, untouched, type Standing } from './fields.ts';
import { questionCards, type Draft, type QuestionHands } from './view.ts';

/** What servers ask the person, each on a card with its form. */
export class ServerQuestions implements TabPart, QuestionHands {
  readonly #ports: TabPorts;
  readonly #actions: Pick<PanelActions, 'answerForm' | 'declineInquiry'>;
  readonly #drafts = new Map<string, Draft>();

  constructor(ports: TabPorts, actions: Pick<PanelActions, 'answerForm' | 'declineInquiry'>) {
    this.#ports = ports;
    this.#actions = actions;
  }

  see({ inquiries }: PanelState): void {
    const open = new Set(inquiries.map(({ inquiry_id }) => inquiry_id));
    for (const id of this.#drafts.keys()) if (!open.has(id)) this.#drafts.delete(id);
  }

  draw(state: PanelState): TemplateResult {
    return questionCards(state, this);
  }

  draft({ inquiry_id, fields = [] }: InquiryView): Draft {
    return (
      this.#drafts.get(inquiry_id) ?? {
        standing: untouched(fields),
        problem: null,
        sending: false,
      }
    );
  }

  change(inquiry: InquiryView, { name }: FormField, value: Standing[string]): void {
    const { standing } = this.draft(inquiry);
    this.#set(inquiry, { standing: { ...standing, [name]: value }, problem: null });
  }

  async send(inquiry: InquiryView): Promise<void> {
    const { inquiry_id, fields = [], url } = inquiry;
    const { standing, sending } = this.draft(inquiry);
    if (sending) return;
    this.#set(inquiry, { sending: true, problem: null });
    const problem = await this.#actions.answerForm(inquiry_id, contentOf(fields, standing));
    this.#set(inquiry, { sending: false, problem });
    if (problem === null && url !== undefined) this.#ports.openPage(url);
  }

  /** No is an answer of its own; put away, the server hears that nobody chose. */
  decline({ inquiry_id }: InquiryView, dismiss: boolean): void {
    this.#actions.declineInquiry(inquiry_id, dismiss);
  }

  #set(inquiry: InquiryView, change: Partial<Draft>): void {
    this.#drafts.set(inquiry.inquiry_id, { ...this.draft(inquiry), ...change });
    this.#ports.changed();
  }
}
