import { visibleText as visibleLines } from '#schema/views/visible-text.ts';

/** Text of an agent as it is shown, on one line: for labels and titles. */
export const visibleText = (text: string): string => visibleLines(text).replaceAll(/\s+/g, ' ');
