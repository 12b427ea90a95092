/**
 * The danger class: argv that no grant covers, no voice approves and that takes a second step.
 * Source: decisions.md (force-push, history rewrite, recursive delete, publish, deploy, sudo,
 * `sh -c`/`eval`/interpreter one-liners). What a rule cannot read is dangerous, never safe.
 */
interface DangerRule {
  /** In words, after "it". */
  reason: string;
  test(argv: readonly string[]): boolean;
}

/** The program's name without folder and `.exe`. */
export const programOf = (argv: readonly string[]): string =>
  (argv[0] ?? '')
    .replace(/^.*[\\/]/, '')
    .replace(/\.exe$/i, '')
    .toLowerCase();

const program =
  (...names: string[]) =>
  (argv: readonly string[]): boolean =>
    names.includes(programOf(argv));
const flag = (argv: readonly string[], ...names: string[]): boolean =>
  argv.slice(1).some((word) => names.some((n) => word === n || word.startsWith(`${n}=`)));
/** `-rf` holds `r`: letters of bundled short options. */
const shortFlag = (argv: readonly string[], letters: string): boolean =>
  argv.slice(1).some((w) => /^-[A-Za-z]+$/.test(w) && letters.split('').some((l) => w.includes(l)));
/** The words that are not options: `git -C x push --force` → [`x`, `push`]. Good enough to find a subcommand among known names. */
const words = (argv: readonly string[]): string[] =>
  argv.slice(1).filter((w) => !w.startsWith('-'));
const has = (argv: readonly string[], ...names: string[]): boolean =>
  words(argv).some((w) => names.includes(w));

const shells = [
  'sh',
  'bash',
  'dash',
  'zsh',
  'ksh',
  'fish',
  'csh',
  'tcsh',
  'cmd',
  'powershell',
  'pwsh',
  'busybox',
];
const interpreters = [
  'node',
  'nodejs',
  'deno',
  'bun',
  'python',
  'python2',
  'python3',
  'perl',
  'ruby',
  'php',
  'lua',
  'osascript',
  'tclsh',
  'rscript',
  'awk',
  'gawk',
  'mawk',
];
const wrappers = [
  'env',
  'xargs',
  'nohup',
  'setsid',
  'timeout',
  'nice',
  'ionice',
  'stdbuf',
  'time',
  'watch',
  'strace',
  'script',
  'unshare',
  'chroot',
  'ssh',
  'parallel',
  'entr',
  'exec',
  'command',
  'eval',
  'source',
];

/** Words of the shell itself that change what the commands after them mean. */
const shellState = [
  '.',
  'alias',
  'unalias',
  'export',
  'unset',
  'set',
  'shopt',
  'trap',
  'builtin',
  'declare',
  'typeset',
  'local',
  'readonly',
  'hash',
  'enable',
  'bind',
  'umask',
  'ulimit',
  'pushd',
  'popd',
  'cd',
  'read',
  'function',
  'return',
  'exit',
  'let',
  'autoload',
  'zmodload',
  'setopt',
  'fc',
  'jobs',
  'bg',
  'fg',
  'wait',
  'disown',
  'suspend',
  'history',
];

const isInterpreter = (argv: readonly string[]): boolean =>
  interpreters.includes(programOf(argv).replace(/[\d.]+$/, '')) ||
  interpreters.includes(programOf(argv));

const rules: readonly DangerRule[] = [
  {
    reason: 'runs with the rights of another user',
    test: program('sudo', 'su', 'doas', 'pkexec', 'runas', 'gsudo'),
  },
  {
    reason: 'hands text to a shell, so the call does not say what would run',
    test: program(...shells),
  },
  {
    reason: 'runs code given in the call itself',
    test: (a) =>
      isInterpreter(a) &&
      (a.length === 1 ||
        /^(awk|gawk|mawk)$/.test(programOf(a)) ||
        flag(a, '-e', '-c', '-p', '-r', '-E', '--eval', '--print', '--exec', '-') ||
        a.slice(1).some((w) => /^-[a-zA-Z]*[ecE]$/.test(w))),
  },
  {
    reason: 'changes what the commands after it mean',
    test: program(...shellState),
  },
  { reason: 'starts another program that it does not show plainly', test: program(...wrappers) },
  {
    reason: 'overwrites the history that others have',
    test: (a) =>
      program('git')(a) &&
      has(a, 'push') &&
      (flag(
        a,
        '--force',
        '-f',
        '--force-with-lease',
        '--force-if-includes',
        '--mirror',
        '--delete',
        '-d',
        '--prune',
      ) ||
        shortFlag(a, 'fd') ||
        words(a).some((w) => /^[+:]/.test(w))),
  },
  {
    reason: 'rewrites or discards history or work that is not saved elsewhere',
    test: (a) =>
      program('git')(a) &&
      (has(a, 'filter-branch', 'filter-repo', 'rebase', 'replace', 'update-ref', 'prune') ||
        (has(a, 'reset') && flag(a, '--hard', '--merge', '--keep')) ||
        (has(a, 'clean') && (shortFlag(a, 'f') || flag(a, '--force'))) ||
        (has(a, 'commit') && flag(a, '--amend')) ||
        (has(a, 'branch') && (shortFlag(a, 'D') || flag(a, '--delete'))) ||
        (has(a, 'checkout', 'restore') && a.includes('--')) ||
        (has(a, 'reflog') && has(a, 'expire', 'delete')) ||
        (has(a, 'stash') && has(a, 'drop', 'clear'))),
  },
  {
    reason: 'sets options that make git run other programs',
    test: (a) =>
      program('git')(a) &&
      (a.includes('-c') ||
        flag(
          a,
          '--config-env',
          '--exec-path',
          '--upload-pack',
          '--receive-pack',
          '--ext-diff',
          '--textconv',
        ) ||
        (has(a, 'config') && words(a).length > 2)),
  },
  {
    reason: 'deletes files for good',
    test: (a) =>
      program('rm', 'unlink', 'rmdir', 'shred', 'srm', 'wipefs', 'del', 'rd', 'erase')(a) ||
      (program('find')(a) &&
        flag(a, '-delete', '-exec', '-execdir', '-ok', '-okdir', '-fprint', '-fprintf', '-fls')) ||
      (program('rsync')(a) &&
        a.some((w) => w.startsWith('--del') || w === '--remove-source-files')) ||
      (program('fd', 'fdfind')(a) && flag(a, '-x', '-X', '--exec', '--exec-batch')) ||
      program('truncate')(a),
  },
  {
    reason: 'writes to disks or partitions',
    test: (a) =>
      program(
        'dd',
        'mkfs',
        'fdisk',
        'parted',
        'diskutil',
        'format',
        'mount',
        'umount',
        'swapoff',
      )(a) || programOf(a).startsWith('mkfs.'),
  },
  {
    reason: 'publishes something that cannot be taken back',
    test: (a) =>
      (program('npm', 'pnpm', 'yarn', 'bun')(a) &&
        has(a, 'publish', 'unpublish', 'deprecate', 'dist-tag', 'owner', 'access', 'token')) ||
      (program('cargo')(a) && has(a, 'publish', 'yank', 'owner')) ||
      program('twine', 'vsce', 'ovsx')(a) ||
      (program('gem')(a) && has(a, 'push', 'yank')) ||
      (program('docker', 'podman')(a) && has(a, 'push')) ||
      (program('gh')(a) && has(a, 'release', 'secret', 'api', 'auth')) ||
      (program('poetry', 'uv', 'hatch', 'flit')(a) && has(a, 'publish')) ||
      (program('mvn')(a) && has(a, 'deploy')),
  },
  {
    reason: 'changes running systems',
    test: (a) =>
      program(
        'kubectl',
        'helm',
        'terraform',
        'tofu',
        'pulumi',
        'ansible',
        'ansible-playbook',
        'aws',
        'gcloud',
        'az',
        'flyctl',
        'fly',
        'heroku',
        'vercel',
        'netlify',
        'wrangler',
        'serverless',
        'sls',
        'cdk',
        'systemctl',
        'launchctl',
        'service',
        'crontab',
        'at',
        'shutdown',
        'reboot',
      )(a) ||
      (program('make', 'npm', 'pnpm', 'yarn', 'bun', 'just', 'task')(a) &&
        words(a).some((w) => /(^|[:_-])(deploy|release|publish)([:_-]|$)/.test(w))),
  },
  {
    reason: 'changes who may read or run files',
    test: (a) => program('chmod', 'chown', 'chgrp', 'setfacl', 'chattr', 'icacls', 'takeown')(a),
  },
  { reason: 'stops other programs', test: program('kill', 'killall', 'pkill', 'taskkill') },
  {
    reason: 'downloads or sends data with options that write, upload or run something',
    test: (a) =>
      (program('curl')(a) &&
        (flag(
          a,
          '-o',
          '-O',
          '--output',
          '-T',
          '--upload-file',
          '-d',
          '--data',
          '--data-binary',
          '--data-raw',
          '-F',
          '--form',
          '-K',
          '--config',
          '-X',
          '--request',
          '-u',
          '--user',
        ) ||
          shortFlag(a, 'oOTdFKXu'))) ||
      program('wget', 'nc', 'ncat', 'netcat', 'socat', 'telnet', 'scp', 'sftp', 'ftp')(a),
  },
  {
    reason: "reads or changes a keychain's secrets",
    test: (a) =>
      program(
        'security',
        'secret-tool',
        'pass',
        'gpg',
        'gpg2',
        'op',
        'bw',
        'vault',
        'age',
        'ssh-add',
        'ssh-keygen',
        'cmdkey',
      )(a),
  },
  {
    reason: "decides for you, or changes Hob's own rules",
    test: (a) => program('hob')(a) || a.some((w) => /(^|[\\/])hob\.js$/.test(w)),
  },
];

/** Why this argv is dangerous, in words; empty when no rule says so. */
export const dangerOfArgv = (argv: readonly string[]): string[] =>
  rules.filter((rule) => rule.test(argv)).map((rule) => rule.reason);
