import type { InquiryView } from '#schema/views/inquiry.ts';
import type { InquiryService } from '#host/inquiries/service.ts';
import type { ActiveTurn } from './active-turn.ts';

/**
 * What an agent waits to hear in this turn: the inquiry that it was opened for, else the only question of
 * its workspace. With several open, only a turn of its own answers one.
 */
export async function askedIn(
  { inquiry, mode, speaker }: ActiveTurn,
  inquiries: Pick<InquiryService, 'open'>,
): Promise<InquiryView | null> {
  if (inquiry !== null) return inquiry;
  if (mode === 'file') return null;
  const here = (await inquiries.open()).filter(
    ({ workspace_id, kind }) => workspace_id === speaker.workspace_id && kind === 'question',
  );
  const [only] = here;
  return here.length === 1 && only !== undefined ? only : null;
}
