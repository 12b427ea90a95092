// How this system starts a program with the user's session: the file that says so, and the commands that
// make it known. Texts only; nothing is touched here.
import * as path from 'node:path';

export interface ServiceProgram {
  /** Absolute path of Node, or of Electron standing in for it. */
  node: string;
  hostScript: string;
  dataDir: string;
  env: Readonly<Record<string, string>>;
}

export interface ServiceSystem {
  platform: NodeJS.Platform;
  home: string;
  env: Readonly<Record<string, string | undefined>>;
  uid: number;
}

export interface ServicePlan {
  /** Absolute path of the file to write. */
  file: string;
  text: string;
  /** Encoding that the reader of the file expects. */
  encoding: 'utf8' | 'utf16le';
  /** Commands after the file is there, and before it is taken away: argv each. */
  start: string[][];
  stop: string[][];
}

/** What installing takes on a system; null where there is no such thing. */
export function servicePlan(program: ServiceProgram, system: ServiceSystem): ServicePlan | null {
  if (system.platform === 'linux') return systemdUnit(program, system);
  if (system.platform === 'darwin') return launchdAgent(program, system);
  if (system.platform === 'win32') return windowsTask(program);
  return null;
}

const argv = ({ node, hostScript, dataDir }: ServiceProgram): string[] => [
  node,
  hostScript,
  '--standby',
  '--data-dir',
  dataDir,
];

/** A word of a unit file: quoted, with what systemd would expand written twice. */
const unitWord = (word: string): string =>
  `"${word.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%').replaceAll('$', '$$$$')}"`;

function systemdUnit(program: ServiceProgram, { home, env }: ServiceSystem): ServicePlan {
  const config = env['XDG_CONFIG_HOME'];
  const base =
    config !== undefined && path.isAbsolute(config) ? config : path.join(home, '.config');
  const variables = Object.entries(program.env).map(
    ([name, value]) => `Environment=${unitWord(`${name}=${value}`)}`,
  );
  const text = [
    '[Unit]',
    'Description=Hob, the local host where every agent asks before it acts',
    '',
    '[Service]',
    `ExecStart=${argv(program).map(unitWord).join(' ')}`,
    ...variables,
    'Restart=on-failure',
    'RestartSec=2',
    '',
    '[Install]',
    'WantedBy=default.target',
    '',
  ].join('\n');
  return {
    file: path.join(base, 'systemd', 'user', 'hob.service'),
    text,
    encoding: 'utf8',
    start: [
      ['systemctl', '--user', 'daemon-reload'],
      ['systemctl', '--user', 'enable', '--now', 'hob.service'],
    ],
    stop: [['systemctl', '--user', 'disable', '--now', 'hob.service']],
  };
}

const xml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

function launchdAgent(program: ServiceProgram, { home, uid }: ServiceSystem): ServicePlan {
  const file = path.join(home, 'Library', 'LaunchAgents', 'dev.hob.host.plist');
  const words = argv(program).map((word) => `    <string>${xml(word)}</string>`);
  const variables = Object.entries(program.env).map(
    ([name, value]) => `    <key>${xml(name)}</key><string>${xml(value)}</string>`,
  );
  const text = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    '<plist version="1.0">',
    '<dict>',
    '  <key>Label</key><string>dev.hob.host</string>',
    '  <key>ProgramArguments</key>',
    '  <array>',
    ...words,
    '  </array>',
    '  <key>EnvironmentVariables</key>',
    '  <dict>',
    ...variables,
    '  </dict>',
    '  <key>RunAtLoad</key><true/>',
    '  <key>KeepAlive</key><dict><key>SuccessfulExit</key><false/></dict>',
    '</dict>',
    '</plist>',
    '',
  ].join('\n');
  return {
    file,
    text,
    encoding: 'utf8',
    start: [['launchctl', 'bootstrap', `gui/${uid}`, file]],
    stop: [['launchctl', 'bootout', `gui/${uid}/dev.hob.host`]],
  };
}

/** One word of a Windows command line, as CommandLineToArgvW takes it apart. */
const windowsWord = (word: string): string =>
  `"${word.replaceAll(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, '$1$1')}"`;

function windowsTask(program: ServiceProgram): ServicePlan {
  const [node = '', ...rest] = argv(program);
  const file = path.win32.join(program.dataDir, 'service-task.xml');
  const text = [
    '<?xml version="1.0" encoding="UTF-16"?>',
    '<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">',
    '  <Triggers><LogonTrigger><Enabled>true</Enabled></LogonTrigger></Triggers>',
    '  <Settings>',
    '    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>',
    '    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>',
    '    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>',
    '    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>',
    '  </Settings>',
    '  <Actions><Exec>',
    `    <Command>${xml(node)}</Command>`,
    `    <Arguments>${xml(rest.map(windowsWord).join(' '))}</Arguments>`,
    '  </Exec></Actions>',
    '</Task>',
    '',
  ].join('\r\n');
  return {
    file,
    text,
    encoding: 'utf16le',
    start: [
      ['schtasks', '/Create', '/TN', 'Hob', '/XML', file, '/F'],
      ['schtasks', '/Run', '/TN', 'Hob'],
    ],
    stop: [['schtasks', '/Delete', '/TN', 'Hob', '/F']],
  };
}
