/** What Hob puts into an agent's files: the hook that asks, and the entry that starts its MCP server. */
export type HobPart = 'hook' | 'server';

/** A change to one file of an agent. Pure: text in, text out; null is "no such file". */
export interface ConfigEdit {
  readonly path: string;
  /** Mode of a file that this makes; private when left out. A file that is there keeps its own. */
  readonly mode?: number;
  /** The file with Hob in it. Applying it twice is the same as once. */
  add(before: string | null): Edited;
  /** The file with only Hob's part taken out; null when that part cannot be told from the rest. */
  remove(current: string): string | null;
  /** What of Hob is not there, or not as Hob wrote it; empty when all of it is. */
  gone(current: string | null): readonly HobPart[];
  /** Why the agent skips a hook that is there, in words; null when it does not. */
  skipped?(current: string): string | null;
}

export type Edited =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly why: string };

export const edited = (text: string): Edited => ({ ok: true, text });
export const refused = (why: string): Edited => ({ ok: false, why });

/** The line ending a file uses, so that an edit looks like the rest of it. */
export const lineEndingOf = (text: string | null): string =>
  text?.includes('\r\n') === true ? '\r\n' : '\n';

/** Several changes to one file, made one after the other and taken out the other way round. */
export function editsOfOneFile(path: string, edits: readonly ConfigEdit[]): ConfigEdit {
  return {
    path,
    add(before) {
      let text = before;
      for (const edit of edits) {
        const result = edit.add(text);
        if (!result.ok) return result;
        ({ text } = result);
      }
      return text === null ? refused('There is nothing to write.') : edited(text);
    },
    remove(current) {
      let text: string | null = current;
      for (const edit of edits.toReversed()) text = text === null ? null : edit.remove(text);
      return text;
    },
    gone: (current) => edits.flatMap((edit) => edit.gone(current)),
    skipped: (current) =>
      edits.map((edit) => edit.skipped?.(current) ?? null).find((why) => why !== null) ?? null,
  };
}
