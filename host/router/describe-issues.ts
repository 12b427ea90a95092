import type * as z from 'zod';

/** What is wrong with one field, in words. Never the value: it may be anything. */
export interface Issue {
  path: string;
  message: string;
}

const MAX_ISSUES = 8;

/** The first few problems of a payload as short, readable rows. */
export const describeIssues = (error: z.ZodError): Issue[] =>
  error.issues.slice(0, MAX_ISSUES).map((issue) => ({
    path: issue.path.map(String).join('.').slice(0, 128),
    message: issue.message.slice(0, 256),
  }));
