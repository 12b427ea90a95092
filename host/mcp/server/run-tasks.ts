import { endedRunStatuses, type RunView } from '#schema/views/run.ts';
import { HobError } from '#host/kernel/errors.ts';
import { taskOfRun, type Task } from '../core/tasks.ts';
import type { McpSessionContext } from './session-context.ts';
import type { Tasks } from './tasks.ts';

const PAGE = 50;
/** The longest that the gate waits at a time. */
const WAIT_MS = 45_000;

/** Only what this kind of client asked for; hooks and schedules are runs too. */
const isTask = ({ trigger, runner }: RunView): boolean =>
  trigger.kind === 'mcp' && ['host', 'agent', 'server'].includes(runner);

/** The agent's own runs as tasks: a task id is a run id, so every tool and every later connection knows it. */
export function runTasks(session: McpSessionContext): Tasks {
  const { commands } = session;
  const get = async (run_id: string): Promise<RunView | null> => {
    try {
      const { run } = await commands['run.get']({ run_id, wait_ms: 0 }, session.context());
      return isTask(run) ? run : null;
    } catch (failure) {
      if (failure instanceof HobError && failure.code === 'not_found') return null;
      throw failure;
    }
  };
  const asTask = (run: RunView | null): Task | null => (run === null ? null : taskOfRun(run));
  return {
    get: async (id) => asTask(await get(id)),
    async ended(id, signal) {
      let run = await get(id);
      while (run !== null && !endedRunStatuses.includes(run.status) && !signal.aborted)
        run = await session.options.gate.settled(id, WAIT_MS, signal);
      return asTask(run);
    },
    async cancel(run_id) {
      const reason = 'cancelled by its agent';
      await commands['run.cancel']({ run_id, reason }, session.context());
    },
    // A run asks a person in the editor and nobody else.
    update: () => Promise.resolve(),
    async list(cursor) {
      const { runs } = await commands['run.list'](
        { limit: PAGE, ...(cursor === undefined ? {} : { before_run_id: cursor }) },
        session.context(),
      );
      const last = runs.length === PAGE ? runs.at(-1)?.run_id : undefined;
      const tasks = runs.filter(isTask).map(taskOfRun);
      return { tasks, ...(last === undefined ? {} : { next: last }) };
    },
  };
}
