import type { InquiryService } from '#host/inquiries/service.ts';
import { approvalsProjection } from '#host/policy/projections.ts';
import type { EventStore } from '#host/store/ports.ts';
import type { SpokenPhrases } from '#host/voice/ports.ts';
import type { Workspaces } from '../ports.ts';
import type { ActiveTurn } from './active-turn.ts';
import { askedIn } from './asked-in.ts';
import { phrasesFor, phrasesForInquiry } from './phrases.ts';

export interface VocabularyOptions {
  store: EventStore;
  workspaces: Workspaces;
  inquiries: InquiryService;
}

/** What may be said in a turn, by what waits and what the workspace has at that moment. */
export async function vocabularyOf(
  turn: ActiveTurn,
  { store, workspaces, inquiries }: VocabularyOptions,
): Promise<SpokenPhrases> {
  const asked = await askedIn(turn, inquiries);
  const waiting = await store.count(approvalsProjection, { status: 'pending' });
  const everything = (): SpokenPhrases =>
    phrasesFor({
      tasks: workspaces.tasks(
        workspaces.resolve(turn.speaker.workspace_id, turn.acts_on ?? undefined),
      ),
      agents: [],
      answers: turn.mode === 'file' || waiting > 0,
      choices: asked?.choices ?? [],
    });
  return turn.inquiry === null ? everything() : phrasesForInquiry(turn.inquiry, everything);
}
