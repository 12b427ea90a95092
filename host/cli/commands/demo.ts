import { createInterface } from 'node:readline/promises';
import { UsageError, type CliCommand } from '../command.ts';
import { runDemo } from '../demo/run-demo.ts';

export const demoCommand: CliCommand = {
  name: 'demo',
  usage: 'demo [--answer approve|deny]',
  summary:
    'Shows the whole loop in this terminal: an agent asks, you answer, it happens, it verifies.',
  details: [
    'Runs on a host and a folder of its own, which are removed afterwards.',
    'Without a person at the terminal it answers by itself, as --answer says; approve when it says nothing.',
  ],
  options: { answer: { type: 'string' } },
  async run({ program, values, out }) {
    const answer = values['answer'] ?? 'approve';
    if (answer !== 'approve' && answer !== 'deny')
      throw new UsageError('--answer is approve or deny.');
    const isAttended = values['answer'] === undefined && process.stdin.isTTY && !out.json;
    const terminal = isAttended
      ? createInterface({ input: process.stdin, output: process.stderr })
      : null;
    try {
      return await runDemo({
        program,
        answer,
        print: (line) => out.say(line),
        ask: terminal === null ? null : (question) => terminal.question(question),
      });
    } finally {
      terminal?.close();
    }
  },
};
