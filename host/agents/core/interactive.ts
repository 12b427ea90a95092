import { shellSegments } from '#host/kernel/shell-words.ts';

/**
 * Finds commands that only open a prompt (`bash`, `python3 -i`). Codex lets the model type into a
 * running one with `write_stdin`, which fires no hook, so approving the prompt approves everything.
 */
export function opensPrompt(line: string): boolean {
  return shellSegments(line).some(
    ({ words, after, readsFile }) => after !== '|' && !readsFile && isPrompt(words),
  );
}

const SHELLS = new Set([
  'sh',
  'bash',
  'dash',
  'ash',
  'zsh',
  'ksh',
  'mksh',
  'fish',
  'csh',
  'tcsh',
  'pwsh',
  'powershell',
]);
/** With no file and no code to run, these read commands from the terminal. */
const REPLS =
  /^(?:python[\d.]*|pypy[\d.]*|ipython[\d.]*|bpython|node|nodejs|bun|ruby|irb|perl|php|lua[\d.]*|luajit|R|julia|ghci|scala|erl|iex|guile|tclsh)$/;
const WRAPPERS = new Set([
  'command',
  'builtin',
  'exec',
  'env',
  'nohup',
  'nice',
  'time',
  'setsid',
  'stdbuf',
  'sudo',
  'doas',
  'busybox',
  'script',
]);

function isPrompt(words: readonly string[]): boolean {
  const { program, args, wrapped } = unwrap(words);
  if (program === undefined) return wrapped === 'script';
  const name = program.replace(/^.*[/\\]/, '').replace(/\.exe$/i, '');
  if (SHELLS.has(name)) return shellReadsTerminal(args);
  return REPLS.test(name) && replReadsTerminal(args);
}

/** Steps over `env A=1`, `sudo -u x`, `exec` and the like to the program that really starts. */
function unwrap(words: readonly string[]): {
  program: string | undefined;
  args: readonly string[];
  wrapped: string;
} {
  let wrapped = '';
  let at = 0;
  for (; at < words.length; at += 1) {
    const word = words[at] as string;
    const name = word.replace(/^.*[/\\]/, '');
    if (WRAPPERS.has(name)) wrapped = name;
    else if (!/^[A-Za-z_][A-Za-z0-9_]*=/.test(word) && !(wrapped !== '' && word.startsWith('-')))
      break;
  }
  return { program: words[at], args: words.slice(at + 1), wrapped };
}

/** A shell runs a script when it gets `-c` or a file; anything else is a prompt. */
function shellReadsTerminal(args: readonly string[]): boolean {
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] as string;
    if (arg === '-s' || arg === '-') return true;
    if (arg === '--rcfile' || arg === '--init-file' || arg === '-o' || arg === '-O' || arg === '+O')
      at += 1;
    else if (/^-[A-Za-z]*c/.test(arg) || /^-(?:Command|File|EncodedCommand)$/i.test(arg))
      return false;
    else if (/^-[A-Za-z]*[is]/.test(arg)) return true;
    else if (!/^[-+]/.test(arg)) return false;
  }
  return true;
}

function replReadsTerminal(args: readonly string[]): boolean {
  if (args.some((arg) => arg === '-i' || arg === '-' || arg === '-a' || arg === '--interactive'))
    return true;
  return args.every(
    (arg) => /^-[BEIOPRSuqsvWx]+$/.test(arg) || arg === '--quiet' || arg === '--no-warnings',
  );
}
