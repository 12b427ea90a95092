// Tools that become tasks, and the tasks.
import { randomUUID } from 'node:crypto';
import type { JsonObject } from '#schema/envelope/json.ts';
import { isOver, type Task } from '#host/mcp/core/tasks.ts';
import type { Tasks } from '#host/mcp/server/tasks.ts';
import type { ToolContext } from '#host/mcp/server/tool.ts';
import { object, pause, said, text, type Fixture, type FixtureAnswer } from './fixture.ts';
import { filled, formFor } from './questions.ts';
import { inputRequired } from '@modelcontextprotocol/server';

type Result = NonNullable<Task['result']>;
type Work = (job: Job) => Promise<Result>;

/** A task while it goes on. */
class Job {
  task: Task;
  readonly cancelled = new AbortController();
  readonly #answers = new Map<string, (answer: unknown) => void>();

  constructor(now: string) {
    this.task = {
      id: randomUUID(),
      status: 'working',
      createdAt: now,
      updatedAt: now,
      ttlMs: 3_600_000,
      pollMs: 100,
    };
  }

  become(change: Partial<Task>): void {
    if (!isOver(this.task))
      this.task = { ...this.task, ...change, updatedAt: new Date().toISOString() };
  }

  /** Parks until the client has answered. */
  ask(question: JsonObject): Promise<unknown> {
    const key = randomUUID();
    this.become({ status: 'input_required', asks: { ...this.task.asks, [key]: question } });
    return new Promise((resolve) => this.#answers.set(key, resolve));
  }

  answered(key: string, answer: unknown): void {
    const resolve = this.#answers.get(key);
    if (resolve === undefined) return;
    this.#answers.delete(key);
    const { [key]: _gone, ...left } = this.task.asks ?? {};
    this.become({ asks: left, status: this.#answers.size === 0 ? 'working' : 'input_required' });
    resolve(answer);
  }
}

/** All jobs of a host, shared by its connections. */
export class Jobs implements Tasks {
  readonly #jobs = new Map<string, Job>();

  start(work: Work): Task {
    const job = new Job(new Date().toISOString());
    this.#jobs.set(job.task.id, job);
    work(job).then(
      (result) => job.become({ status: 'completed', result }),
      (failure: Error) =>
        job.become({ status: 'failed', error: { code: -32_603, message: failure.message } }),
    );
    return job.task;
  }

  get(id: string): Promise<Task | null> {
    return Promise.resolve(this.#jobs.get(id)?.task ?? null);
  }

  async ended(id: string, signal: AbortSignal): Promise<Task | null> {
    for (;;) {
      const task = await this.get(id);
      if (task === null || isOver(task) || signal.aborted) return task;
      await pause(20);
    }
  }

  cancel(id: string): Promise<void> {
    const job = this.#jobs.get(id);
    job?.become({ status: 'cancelled' });
    job?.cancelled.abort();
    return Promise.resolve();
  }

  update(id: string, answers: Readonly<Record<string, unknown>>): Promise<void> {
    for (const [key, answer] of Object.entries(answers)) this.#jobs.get(id)?.answered(key, answer);
    return Promise.resolve();
  }

  list(): Promise<{ tasks: readonly Task[] }> {
    return Promise.resolve({ tasks: [] });
  }
}

const done = (value: string, isError = false): Result => ({
  content: [text(value)],
  ...(isError ? { isError } : {}),
});
const stoppable = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });

export function jobFixtures(jobs: Jobs): readonly Fixture[] {
  const become = (context: ToolContext, work: Work, otherwise: FixtureAnswer): FixtureAnswer =>
    context.task === 'no' ? otherwise : { task: jobs.start(work) };
  return [
    {
      name: 'greet',
      description: 'Greets at once.',
      input: object({ name: { type: 'string' } }, ['name']),
      run: ({ name }) => said(`Hello, ${String(name)}!`),
    },
    {
      name: 'slow_compute',
      description: 'Takes some seconds.',
      input: object({ seconds: { type: 'number' }, label: { type: 'string' } }),
      taskSupport: 'optional',
      async run({ seconds, label }, context) {
        const ms = Number(seconds ?? 0) * 1_000;
        const result = done(`Computed ${String(label ?? '')}`);
        if (context.task !== 'no')
          return {
            task: jobs.start(async ({ cancelled }) => {
              await stoppable(ms, cancelled.signal);
              return result;
            }),
          };
        await stoppable(ms, context.sdk.mcpReq.signal);
        return result;
      },
    },
    {
      name: 'failing_job',
      description: 'Fails after a second.',
      taskSupport: 'required',
      run: (_args, context) =>
        become(
          context,
          async () => {
            await pause(1_000);
            return done('It failed.', true);
          },
          said('Never without a task.'),
        ),
    },
    {
      name: 'protocol_error_job',
      description: 'Breaks.',
      taskSupport: 'optional',
      run: (_args, context) =>
        become(
          context,
          async () => {
            await pause(50);
            throw new Error('It broke.');
          },
          said('Only as a task.'),
        ),
    },
    {
      name: 'confirm_delete',
      description: 'Asks before it would delete something.',
      input: object({ filename: { type: 'string' } }, ['filename']),
      taskSupport: 'optional',
      run: ({ filename }, context) =>
        become(
          context,
          async (job) => {
            const question = formFor(`Delete ${String(filename)}?`, 'confirm');
            return done(JSON.stringify(await job.ask(question as unknown as JsonObject)));
          },
          said('Only as a task.'),
        ),
    },
    {
      name: 'multi_input',
      description: 'Asks for two things at once.',
      taskSupport: 'optional',
      run: (_args, context) =>
        become(
          context,
          async (job) => {
            const questions = ['first', 'second'].map((name) => formFor(`The ${name}?`, name));
            const answers = await Promise.all(
              questions.map((question) => job.ask(question as unknown as JsonObject)),
            );
            return done(JSON.stringify(answers));
          },
          said('Only as a task.'),
        ),
    },
    {
      name: 'test_tool_with_task',
      description: 'Asks for a name first, and goes on as a task.',
      taskSupport: 'required',
      run(_args, context) {
        const name = filled(context, 'user_name')?.['name'];
        if (typeof name !== 'string')
          return inputRequired({
            inputRequests: { user_name: formFor('What is your name?', 'name') },
          });
        return {
          task: jobs.start(async () => {
            await pause(50);
            return done(`Hello, ${name}!`);
          }),
        };
      },
    },
  ];
}
