// @ts-check
// What is installed outside node_modules, in which version, and where. The one table: bootstrap fills
// the folder from it, the test harness and `npm start` find their programs through it.
import { existsSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

/**
 * @typedef {object} NpmTool
 * @property {string} package  name on the npm registry
 * @property {string} version  exact version; a new version gets a new folder
 * @property {string} entry    file inside the package to run with Node
 * @property {string} about    what a person waiting for it reads
 * @property {string[]} needs  system tools that must be there before it installs
 * @property {boolean} [isAddon]  compiled with the headers of the project's Node, and copied into its node_modules
 */

/** @type {Readonly<Record<string, NpmTool>>} */
export const npmTools = {
  'code-server': {
    package: 'code-server',
    version: '4.139.1',
    entry: 'out/node/entry.js',
    about: 'code-server, the VS Code workbench in a browser (617 MB, about 3 minutes)',
    needs: ['build-tools'],
  },
  // npm installs it with the project where that can be compiled: not before there are a compiler and Node's headers.
  naudiodon: {
    package: 'naudiodon',
    version: '2.3.6',
    entry: 'build/Release/naudiodon.node',
    about: 'naudiodon, the second library for microphone and speaker (compiled)',
    needs: ['build-tools'],
    isAddon: true,
  },
  codex: {
    package: '@openai/codex',
    version: '0.169.0',
    entry: 'bin/codex.js',
    about: 'the Codex CLI (404 MB)',
    needs: [],
  },
  gemini: {
    package: '@google/gemini-cli',
    version: '0.61.0',
    entry: 'bundle/gemini.js',
    about: 'the Gemini CLI (100 MB)',
    needs: [],
  },
  cline: {
    package: 'cline',
    version: '3.0.65',
    entry: 'package.json',
    about: 'the Cline CLI (439 MB)',
    needs: [],
  },
  'copilot-cli': {
    package: '@github/copilot',
    version: '1.0.102',
    entry: 'npm-loader.js',
    about: 'the Copilot CLI (189 MB)',
    needs: [],
  },
  // Two generations of the official suite: the first knows protocol 2025-11-25 alone, in another way.
  'conformance-1': {
    package: '@modelcontextprotocol/conformance',
    version: '0.1.16',
    entry: 'dist/index.js',
    about: 'the MCP conformance suite 0.1 (51 MB)',
    needs: [],
  },
  'conformance-2': {
    package: '@modelcontextprotocol/conformance',
    version: '0.2.0-alpha.12',
    entry: 'dist/index.js',
    about: 'the MCP conformance suite 0.2 (52 MB)',
    needs: [],
  },
  inspector: {
    package: '@modelcontextprotocol/inspector',
    version: '2.12.0',
    entry: 'clients/launcher/build/index.js',
    about: 'the MCP inspector (110 MB)',
    needs: [],
  },
  // Servers that other people use, for the tests of Hob as their client.
  'mcp-filesystem': {
    package: '@modelcontextprotocol/server-filesystem',
    version: '2026.8.31',
    entry: 'dist/index.js',
    about: 'an MCP server for files',
    needs: [],
  },
  'mcp-everything': {
    package: '@modelcontextprotocol/server-everything',
    version: '2026.8.31',
    entry: 'dist/index.js',
    about: 'an MCP server with something of everything',
    needs: [],
  },
  'mcp-memory': {
    package: '@modelcontextprotocol/server-memory',
    version: '2026.8.31',
    entry: 'dist/index.js',
    about: 'an MCP server that remembers',
    needs: [],
  },
  // As a package it was two fifths of the files of every clone: kept once a machine instead.
  vsce: {
    package: '@vscode/vsce',
    version: '3.9.2',
    entry: 'vsce',
    about: 'the packer of extensions (92 MB)',
    needs: [],
  },
};

/**
 * Programs that come from the system's package manager: the tool is there when every `programs` row has
 * one of its names on PATH and every path in `paths` exists.
 * @typedef {object} SystemTool
 * @property {string[][]} programs
 * @property {string[]} paths
 * @property {string[]} debian  packages of Debian that supply them
 */

/** @type {Readonly<Record<string, SystemTool>>} */
export const systemTools = {
  // The shell without windows opens a page in a third of the time that the whole browser takes.
  chromium: {
    programs: [
      [
        'chromium-headless-shell',
        'chromium',
        'chromium-browser',
        'google-chrome',
        'google-chrome-stable',
      ],
    ],
    paths: [],
    debian: ['chromium-headless-shell'],
  },
  fonts: {
    programs: [],
    paths: ['/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf'],
    debian: ['fonts-dejavu-core'],
  },
  git: {
    programs: [['git']],
    paths: [],
    debian: ['git'],
  },
  // A sound card that is none, for the tests of microphone and speaker.
  pulseaudio: {
    programs: [['pulseaudio'], ['pactl']],
    paths: [],
    debian: ['pulseaudio', 'pulseaudio-utils', 'libasound2-plugins'],
  },
  // Voices and recordings for the benchmark of recognition; nothing else needs them.
  speech: {
    programs: [['espeak-ng'], ['festival']],
    paths: [
      '/usr/share/festival/voices/english/kal_diphone',
      '/usr/share/festival/voices/english/ked_diphone',
      '/usr/share/pocketsphinx/test/data/goforward.raw',
      '/usr/share/sounds/alsa/Front_Left.wav',
      '/usr/share/asterisk/sounds/en_US_f_Allison/vm-goodbye.wav',
    ],
    debian: [
      'espeak-ng',
      'festival',
      'festvox-kallpc16k',
      'festvox-kdlpc16k',
      'pocketsphinx-testdata',
      'alsa-utils',
      'asterisk-core-sounds-en-wav',
    ],
  },
  bubblewrap: {
    programs: [['bwrap']],
    paths: [],
    debian: ['bubblewrap'],
  },
  // A keyring of a desktop without the desktop, for the tests of the vault.
  keyring: {
    programs: [['secret-tool'], ['gnome-keyring-daemon'], ['dbus-run-session']],
    paths: [],
    debian: ['libsecret-tools', 'gnome-keyring', 'dbus'],
  },
  'build-tools': {
    programs: [['g++'], ['make'], ['python3']],
    paths: [],
    debian: ['g++', 'make', 'python3'],
  },
};

/** Folder of the tools: outside node_modules, so that `npm ci` does not throw 1 GB away. */
export function toolsDir(env = process.env) {
  if (env.HOB_TOOLS_DIR) return path.resolve(env.HOB_TOOLS_DIR);
  const cache = env.XDG_CACHE_HOME || path.join(env.HOME || os.homedir(), '.cache');
  return path.join(cache, 'hob-tools');
}

/**
 * The row of a tool; a wrong name is a mistake in the caller.
 * @param {string} name
 */
export function npmTool(name) {
  const tool = npmTools[name];
  if (!tool)
    throw new Error(`no tool named ${name}; there are ${Object.keys(npmTools).join(', ')}`);
  return tool;
}

/**
 * Folder of one tool in one version.
 * @param {string} name
 */
export function toolDir(name, env = process.env) {
  return path.join(toolsDir(env), `${name}-${npmTool(name).version}`);
}

/**
 * Written last by the installer: without it the folder is an interrupted install.
 * @param {string} name
 */
export function toolMarker(name, env = process.env) {
  return path.join(toolDir(name, env), '.installed.json');
}

/**
 * The script to run with Node, or undefined where the tool is not (completely) installed.
 * @param {string} name
 */
export function toolEntry(name, env = process.env) {
  const tool = npmTool(name);
  if (!existsSync(toolMarker(name, env))) return undefined;
  return path.join(toolDir(name, env), 'node_modules', tool.package, tool.entry);
}

/**
 * First of `names` that is an executable on PATH.
 * @param {readonly string[]} names
 */
export function findProgram(names, env = process.env) {
  const suffixes = process.platform === 'win32' ? ['.exe', '.cmd', ''] : [''];
  for (const name of names) {
    for (const dir of (env.PATH ?? '').split(path.delimiter)) {
      for (const suffix of suffixes) {
        const file = path.join(dir, name + suffix);
        if (dir !== '' && existsSync(file)) return file;
      }
    }
  }
  return undefined;
}

/** The browser that the tests drive: `CHROMIUM`, else the first Chromium or Chrome on PATH. */
export function chromiumPath(env = process.env) {
  const rows = systemTools.chromium?.programs ?? [];
  return (
    env.CHROMIUM || rows.map((names) => findProgram(names, env)).find((file) => file !== undefined)
  );
}
