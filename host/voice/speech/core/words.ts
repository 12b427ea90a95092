/** Said letter by letter; the voice would read them as words. */
const letters =
  'api cli cpu css csv db dns fs gpu gui html http https id ide ios io ip js jwt llm mcp md npx os pdf php pr qa rpc rss sdk sql ssh ssl svg tcp tls ts tsx jsx tty ui url uri usb utf utc ux vm vs wasi xml yml ci cd gb mb kb';

/** How developers say what the voice would read wrongly; keys are lower case. */
export const developerWords: Readonly<Record<string, string>> = {
  ...Object.fromEntries(letters.split(' ').map((word) => [word, word.toUpperCase().split('').join(' ').replace(/\bA\b(?= )/g, 'ay')])),
  src: 'source', lib: 'lib', cfg: 'config', config: 'config', env: 'env', tmp: 'temp', impl: 'implementation', pkg: 'package',
  json: 'jay son', yaml: 'yammel', toml: 'tommel', eslint: 'E S lint', tslint: 'T S lint', oxlint: 'ox lint', mypy: 'my pie', py: 'pie', pypi: 'pie P I',
  vite: 'veet', vitest: 'V test', vue: 'view', codex: 'code ex', git: 'ghit', github: 'ghit hub', gitlab: 'ghit lab', gitignore: 'ghit ignore',
  sudo: 'soo doo', kubectl: 'cube control', nginx: 'engine X', postgres: 'post gress', postgresql: 'post gress Q L', sqlite: 'S Q lite', mysql: 'my S Q L', redis: 'reddis',
  vscode: 'V S code', stdout: 'standard out', stderr: 'standard error', stdin: 'standard in', utf8: 'U T F 8', async: 'ay sink', await: 'await',
  wasm: 'wazzum', npmrc: 'N P M R C', tsconfig: 'T S config', jsonc: 'jay son C', regex: 'redge ex', regexp: 'redge exp', enum: 'ee num', args: 'args', argv: 'arg V',
  'c++': 'C plus plus', 'c#': 'C sharp', 'and/or': 'and or', 'either/or': 'either or', 'yes/no': 'yes or no', 'read/write': 'read write',
  'e.g.': 'for example', 'i.e.': 'that is', 'vs.': 'versus', etc: 'and so on', vs: 'versus', 'w/o': 'without', 'w/': 'with', '&': 'and', ok: 'okay',
}; // prettier-ignore

/** What is said after a number. */
export const unitWords: Readonly<Record<string, string>> = {
  μs: 'microseconds', ms: 'milliseconds', s: 'seconds', min: 'minutes', h: 'hours',
  B: 'bytes', kB: 'kilobytes', KB: 'kilobytes', MB: 'megabytes', GB: 'gigabytes', TB: 'terabytes',
  KiB: 'kibibytes', MiB: 'mebibytes', GiB: 'gibibytes', TiB: 'tebibytes', kHz: 'kilohertz', Hz: 'hertz', dB: 'decibels', px: 'pixels',
}; // prettier-ignore
