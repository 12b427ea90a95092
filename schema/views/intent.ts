import * as z from 'zod';

/** One understood sentence: the intent's stable name and its slots, e.g. `{name:'go_to_line', slots:{line:42}}`. */
export const intentMatchSchema = z.object({
  name: z.string().min(1).max(64),
  slots: z.record(z.string(), z.union([z.string(), z.number()])),
  /** 0…1; 1 = exactly a known phrase. */
  score: z.number().min(0).max(1),
  /** How it would be said, for "closest: …". */
  phrase: z.string(),
});
export type IntentMatch = z.infer<typeof intentMatchSchema>;
