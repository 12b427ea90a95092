import type { InquiryService } from '#host/inquiries/service.ts';
import { approvalsProjection } from '#host/policy/projections.ts';
import type { EventStore } from '#host/store/ports.ts';
import type { SpokenPhrases } from '#host/voice/ports.ts';
import type { ConversationService } from '../service.ts';
import type { ActiveTurn } from './active-turn.ts';
import { askedIn } from './asked-in.ts';
import { phrasesFor, phrasesForInquiry } from './phrases.ts';

export interface VocabularyOptions {
  store: EventStore;
  conversation: Pick<ConversationService, 'names'>;
  inquiries: InquiryService;
}

/** What may be said in a turn, by what waits and what the workspace has at that moment. */
export async function vocabularyOf(
  turn: ActiveTurn,
  { store, conversation, inquiries }: VocabularyOptions,
): Promise<SpokenPhrases> {
  const asked = await askedIn(turn, inquiries);
  const waiting = await store.count(approvalsProjection, { status: 'pending' });
  const names = await conversation.names(turn.speaker, turn.acts_on ?? undefined);
  const everything = (): SpokenPhrases =>
    phrasesFor({
      ...names,
      answers: turn.mode === 'file' || waiting > 0,
      choices: asked?.choices ?? [],
    });
  return turn.inquiry === null ? everything() : phrasesForInquiry(turn.inquiry, everything);
}
