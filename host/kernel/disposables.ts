/** Something that was started and must be stopped by who started it. */
export type Dispose = () => void | Promise<void>;

/**
 * Owns disposals and runs them newest first. Adding to a disposed store disposes at once;
 * disposing twice is harmless; one failing disposal never keeps the others from running.
 */
export class DisposableStore {
  #items: Dispose[] | null = [];
  #done: Promise<void> | null = null;

  add(dispose: Dispose): void {
    if (this.#items === null) void Promise.resolve().then(dispose);
    else this.#items.push(dispose);
  }

  get disposed(): boolean {
    return this.#items === null;
  }

  /** Resolves when everything has been tried; rejects with the first failure. */
  dispose(): Promise<void> {
    this.#done ??= this.#run();
    return this.#done;
  }

  async #run(): Promise<void> {
    const items = this.#items ?? [];
    this.#items = null;
    const failures: unknown[] = [];
    for (const dispose of items.toReversed()) {
      try {
        await dispose();
      } catch (failure) {
        failures.push(failure);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
