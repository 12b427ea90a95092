import { randomBytes } from 'node:crypto';
import type { ServerLogin } from '#schema/views/server.ts';
import type { Clock } from '#host/kernel/clock.ts';
import { HobError } from '#host/kernel/errors.ts';
import type { KeptLogin } from '../core/kept-login.ts';
import type {
  BrowserStep,
  Challenge,
  ClientProof,
  Fetch,
  ListenForRedirect,
  OAuth,
  RedirectListener,
} from './ports.ts';

export interface SignInOptions {
  server_url: string;
  challenge: Challenge | null;
  scope: string | null;
  proof: ClientProof;
  oauth: OAuth;
  fetch: Fetch;
  listen: ListenForRedirect;
  clock: Clock;
  /** Resolves when every one of these places may be connected to; throws when one may not. */
  allow(
    places: readonly string[],
    asking: (approvalId: string | null) => void,
    signal: AbortSignal,
  ): Promise<void>;
}

type Step = Exclude<ServerLogin['state'], 'needed' | 'signed_in'>;

/** A person may have to find a password first. */
const BROWSER_MS = 5 * 60_000;

/** One try to sign in, from the first question to the tokens. Ends by itself, or when it is cancelled. */
export class SignIn {
  readonly #o: SignInOptions;
  readonly #cancel = new AbortController();
  readonly #news = new Set<() => void>();
  #step: Step | 'over' = 'finishing';
  #url: string | null = null;
  #approval: string | null = null;
  #listener: RedirectListener | null = null;

  constructor(options: SignInOptions) {
    this.#o = options;
  }

  get step(): Step | 'over' {
    return this.#step;
  }

  /** Where the person answers, while that is waited for. */
  get url(): string | null {
    return this.#step === 'browser' ? this.#url : null;
  }

  get approvalId(): string | null {
    return this.#step === 'asking' ? this.#approval : null;
  }

  /** The address that the browser came to, as a person copied it. Throws `login_refused`. */
  take(address: string): void {
    if (this.#step !== 'browser' || this.#listener?.take(address) !== true)
      throw new HobError('login_refused', {
        message:
          'This is not the address that this sign-in waits for. Copy the whole of it, from http://127.0.0.1 to its end.',
      });
  }

  cancel(why: string): void {
    this.#cancel.abort(new HobError('login_refused', { message: `Signing in was ended: ${why}.` }));
  }

  /** Throws `login_refused`, what stops a request, and what `keep` throws. */
  async run(keep: (kept: KeptLogin) => Promise<void>): Promise<void> {
    try {
      await keep(await this.#run());
    } finally {
      this.#become('over');
    }
  }

  /** Until it is at another step than this one, or the wait is over. */
  async changed(from: string | undefined, waitMs: number): Promise<void> {
    const isNews = (): boolean => this.#step === 'over' || this.#isTurn(from);
    if (isNews()) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = (): void => {
      if (isNews()) resolve();
    };
    const stop = this.#o.clock.timer(waitMs, resolve);
    this.#news.add(look);
    await promise;
    this.#news.delete(look);
    stop();
  }

  /** A step at which a person has something to do, or another one than the caller knows of. */
  #isTurn(from: string | undefined): boolean {
    const isForPerson = this.#step === 'browser' || this.#step === 'asking';
    return isForPerson && this.#step !== from;
  }

  async #run(): Promise<KeptLogin> {
    const { oauth, server_url, challenge, proof, scope, fetch } = this.#o;
    const found = await this.#unlessCancelled(
      oauth.discover(server_url, challenge, fetch, (places) => this.#allowed(places)),
    );
    if (proof.grant === 'client_credentials') {
      const login = await this.#unlessCancelled(
        oauth.begin({ server_url, found, proof, scope, redirect: null }, fetch),
      );
      if ('url' in login) throw new HobError('login_refused');
      return login;
    }
    const state = randomBytes(32).toString('base64url');
    const listener = await this.#o.listen(state);
    this.#listener = listener;
    try {
      const redirect = { url: listener.url, state };
      const step = await this.#unlessCancelled(
        oauth.begin({ server_url, found, proof, scope, redirect }, fetch),
      );
      return 'url' in step ? await this.#inBrowser(step, listener.answer) : step;
    } finally {
      listener.close();
    }
  }

  async #inBrowser(step: BrowserStep, answer: Promise<URLSearchParams>): Promise<KeptLogin> {
    await this.#allowed([step.url.href]);
    this.#url = step.url.href;
    this.#become('browser');
    const stop = this.#o.clock.timer(BROWSER_MS, () =>
      this.cancel('nobody answered in the browser within 5 minutes'),
    );
    try {
      const came = await this.#unlessCancelled(answer);
      this.#become('finishing');
      return await this.#unlessCancelled(step.finish(came));
    } finally {
      stop();
    }
  }

  async #allowed(places: readonly string[]): Promise<void> {
    const asking = (approvalId: string | null): void => {
      this.#approval = approvalId;
      this.#become('asking');
    };
    await this.#o.allow(places, asking, this.#cancel.signal);
    this.#become('finishing');
  }

  #become(step: Step | 'over'): void {
    this.#step = step;
    for (const look of this.#news) look();
  }

  #unlessCancelled<T>(work: Promise<T>): Promise<T> {
    const { signal } = this.#cancel;
    const { promise, reject } = Promise.withResolvers<never>();
    const stop = (): void => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    return Promise.race([work, promise]).finally(() => signal.removeEventListener('abort', stop));
  }
}
