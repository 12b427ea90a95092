/** A sentence about the past with the event that it comes from: "Done: npm test. [412]". */
export const cited = (sentence: string, seq: number | undefined): string =>
  seq === undefined ? sentence : `${sentence} [${seq}]`;

/** The same to be said: nobody wants to hear numbers of events. */
export const withoutCitations = (text: string): string => text.replace(/ \[\d+\](?= |$)/g, '');
