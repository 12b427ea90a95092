import type { HostState } from '../host-process/host-state.ts';

export interface Fact {
  readonly name: string;
  readonly value: string;
}

export interface Diagnosis {
  readonly state: HostState;
  readonly facts: readonly Fact[];
}

/** What can be done from the page; only these commands may be links in it. */
export const recoveryCommands: readonly (readonly [command: string, title: string])[] = [
  ['hob.restartHost', 'Restart the host'],
  ['hob.openLog', 'Open the log'],
  ['hob.diagnose', 'Look again'],
  ['hob.killSwitchOn', 'Kill switch on'],
  ['workbench.action.reloadWindow', 'Reload the window'],
];

const escape = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

const words: Readonly<Record<HostState['kind'], string>> = {
  connecting: 'The host is starting.',
  connected: 'The host is connected.',
  reconnecting: 'The host is not there; Hob looks for it again.',
  fatal: 'The host does not start. Until it does, every action of an agent is refused.',
  incompatible: 'The host is of another version than this editor.',
};

/** The page: state, what to do, facts. No script; links run commands and nothing else. */
export function diagnosisHtml({ state, facts }: Diagnosis, nonce: string): string {
  const links = recoveryCommands
    .map(([command, title]) => `<a href="command:${command}">${escape(title)}</a>`)
    .join(' ');
  const rows = facts
    .map(({ name, value }) => `<tr><th>${escape(name)}</th><td>${escape(value)}</td></tr>`)
    .join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-${nonce}'">
<title>Hob: Diagnose</title>
<style nonce="${nonce}">
body { padding: 1rem 1.5rem; max-width: 60rem; }
h1 { font-size: 1.3em; font-weight: 600; }
nav { display: flex; flex-wrap: wrap; gap: .4rem 1.2rem; margin: 1rem 0 1.5rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .4rem .8rem .4rem 0; border-bottom: 1px solid var(--vscode-panel-border); }
th { font-weight: 600; white-space: nowrap; }
td { white-space: pre-wrap; overflow-wrap: anywhere; font-family: var(--vscode-editor-font-family); }
</style>
</head>
<body>
<h1>${escape(words[state.kind])}</h1>
<p>${escape(state.detail ?? '')}</p>
<nav>${links}</nav>
<table>${rows}</table>
</body>
</html>`;
}
