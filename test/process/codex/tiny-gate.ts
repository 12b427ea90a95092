/** The other end of hook-process.ts: takes requests on a socket and answers as the test says. */
import { createServer, type Server } from 'node:net';
import { text } from 'node:stream/consumers';
import type { HookOutcome, HookRequest } from '#host/agents/core/hook-request.ts';

export class TinyGate {
  readonly asked: HookRequest[] = [];
  /** Decides each request; replaced by the test. */
  decide: (request: HookRequest) => HookOutcome | Promise<HookOutcome> = () => ({
    decision: 'deny',
    reason: 'No rule.',
  });
  readonly #server: Server;

  private constructor() {
    this.#server = createServer({ allowHalfOpen: true }, (socket) => {
      socket.on('error', () => socket.destroy());
      text(socket)
        .then(async (body) => {
          const request = JSON.parse(body) as HookRequest;
          this.asked.push(request);
          socket.end(JSON.stringify(await this.decide(request)));
        })
        .catch(() => socket.destroy());
    });
  }

  static async listen(path: string): Promise<TinyGate> {
    const gate = new TinyGate();
    await new Promise<void>((resolve, reject) => {
      gate.#server.once('error', reject);
      gate.#server.listen(path, resolve);
    });
    return gate;
  }

  /** The lines or tools asked about, in order. */
  calls(): string[] {
    return this.asked.map(({ event, call }) => `${event} ${call.command_line ?? call.tool}`);
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
    });
  }
}
