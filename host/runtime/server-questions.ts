import type { Principal } from '#schema/envelope/principal.ts';
import type { InquiryView } from '#schema/views/inquiry.ts';
import type { InquiryService } from '#host/inquiries/service.ts';
import type { AskPerson, PersonsAnswer, PersonsQuestion } from '#host/mcp/client/ports.ts';
import type { EditorWindows } from '#host/runs/editors/windows.ts';
import { runsProjection } from '#host/runs/projections.ts';
import type { EventStore } from '#host/store/ports.ts';

export interface ServerQuestionsOptions {
  store: EventStore;
  windows: EditorWindows;
  inquiries(): InquiryService;
}

/** An agent waits for its call meanwhile. */
const PATIENCE_S = 300;
const LOOK_MS = 60_000;

const nobody = (why: string): PersonsAnswer => ({ action: 'cancel', why });

/** Servers never share a name with an agent or with Hob: theirs begins with what they are. */
const serverPrincipal = (server_id: string, name: string): Principal => ({
  kind: 'service',
  id: server_id,
  display: `server ${name}`,
  role: 'agent',
  proven: true,
});

/** Puts what a server asks on a card of the panel, where somebody can be there to answer it. */
export const serverQuestions =
  ({ store, windows, inquiries }: ServerQuestionsOptions): AskPerson =>
  async ({ server_id, server, run_id, tool, ...question }, gone) => {
    const run = await store.document(runsProjection, run_id);
    if (run === null || windows.all.length === 0) return nobody('no window of the editor is open');
    const { workspace_id, principal, correlation_id } = run;
    if (windows.trusted(workspace_id) === false) return nobody('the workspace is not trusted');
    const { inquiry_id } = await inquiries().ask(
      {
        ...asked(question),
        during: { tool: `${server}/${tool}`, caller: principal.display },
        expires_in_s: PATIENCE_S,
      },
      serverPrincipal(server_id, server),
      { workspace_id, correlation_id, causation_id: run_id },
    );
    for (;;) {
      const inquiry = await inquiries().settled(inquiry_id, LOOK_MS, gone);
      if (inquiry !== null && inquiry.status !== 'open') return answerOf(inquiry);
      if (!gone.aborted) continue;
      await inquiries().withdraw(inquiry_id, 'the call that asked is over');
      return nobody('the call that asked is over');
    }
  };

type Question = Omit<PersonsQuestion, 'run_id' | 'tool'>;

const asked = (question: Question) => ({
  choices: [],
  phrases: [],
  free_text: false,
  ...question,
});

function answerOf({ status, answer, ended_reason }: InquiryView): PersonsAnswer {
  if (status === 'answered') return { action: 'accept', content: answer?.content ?? {} };
  if (status === 'declined') return { action: 'decline' };
  return nobody(
    status === 'expired' ? 'nobody answered in time' : (ended_reason ?? 'it was taken back'),
  );
}
