/** Where a path lies, as far as the policy cares. */
export type Place = 'workspace' | 'outside' | 'credential' | 'protected';

/** Places of this machine and workspace, all absolute and already resolved through symlinks. */
export interface Landmarks {
  folders: readonly string[];
  home: string;
  /** Hob's own data directory. */
  dataDir: string;
}

/** Below the home directory: what holds keys, tokens or passwords. */
const credentialHomes = [
  '.ssh',
  '.aws',
  '.azure',
  '.gnupg',
  '.kube',
  '.docker/config.json',
  '.config/gcloud',
  '.config/gh',
  '.config/hub',
  '.netrc',
  '.npmrc',
  '.pypirc',
  '.git-credentials',
  '.config/git/credentials',
  '.password-store',
  '.local/share/keyrings',
  'Library/Keychains',
  '.config/op',
  '.terraform.d/credentials.tfrc.json',
  '.cargo/credentials',
  '.cargo/credentials.toml',
  '.m2/settings.xml',
  '.gem/credentials',
  '.config/age',
  '.vault-token',
  '.pgpass',
  '.my.cnf',
  '.codex/auth.json',
  '.claude/.credentials.json',
  '.gemini/oauth_creds.json',
  '.cline/data/settings/providers.json',
];
const credentialSystem = [
  '/etc/shadow',
  '/etc/gshadow',
  '/etc/sudoers',
  '/etc/ssh',
  '/root/.ssh',
  '/proc/self/environ',
  '/run/secrets',
  '/var/run/secrets',
];
/** File names that hold secrets wherever they lie. `.env.example` and its like are documentation. */
const credentialName =
  /^(id_(rsa|dsa|ecdsa|ed25519)|\.env(\.(?!example$|sample$|template$)[\w-]+)?|.*\.(pem|p12|pfx|keystore|jks)|credentials\.json|service-account.*\.json)$/i;

/** Inside a workspace: what makes the next start run something, or what tells agents and Hob what is allowed. */
const protectedInWorkspace = [
  '.vscode',
  '.git',
  '.github/hooks',
  '.github/workflows',
  '.husky',
  '.mcp.json',
  '.codex',
  '.claude',
  '.cursor',
  '.gemini',
  '.copilot',
  '.cline',
  '.clinerules/hooks',
  '.agents/plugins',
  '.devcontainer',
];
/** Below the home directory: start-up files and the agents' own configuration. */
const protectedHomes = [
  '.bashrc',
  '.bash_profile',
  '.profile',
  '.zshrc',
  '.zprofile',
  '.config/fish',
  '.gitconfig',
  '.config/git',
  '.codex',
  '.claude',
  '.claude.json',
  '.copilot',
  '.gemini',
  '.cursor',
  '.cline',
  'Documents/Cline',
  '.agents/plugins',
  '.config/goose',
  '.config/systemd',
  '.config/autostart',
  'Library/LaunchAgents',
  '.config/Code',
  '.vscode',
];

/** True when `path` is `parent` or lies below it. Both absolute, `/` or `\` separated. */
export const isWithin = (path: string, parent: string): boolean => {
  const clean = parent.replace(/[\\/]+$/, '');
  return path === clean || path.startsWith(`${clean}/`) || path.startsWith(`${clean}\\`);
};

const join = (base: string, rest: string): string => `${base.replace(/[\\/]+$/, '')}/${rest}`;
const baseName = (path: string): string =>
  path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);

/**
 * The place of one resolved path. The strictest answer wins: a key inside the workspace is still a
 * key. Source: decisions.md (credential paths), security.md (agents cannot write `.vscode`, …).
 */
export function placeOf(path: string, landmarks: Landmarks): Place {
  const { home, folders, dataDir } = landmarks;
  if (isWithin(path, dataDir)) return 'credential';
  if (credentialName.test(baseName(path))) return 'credential';
  if (
    credentialSystem.some((p) => isWithin(path, p)) ||
    credentialHomes.some((p) => isWithin(path, join(home, p)))
  )
    return 'credential';
  const folder = folders.find((f) => isWithin(path, f));
  if (folder !== undefined)
    return protectedInWorkspace.some((p) => isWithin(path, join(folder, p)))
      ? 'protected'
      : 'workspace';
  return protectedHomes.some((p) => isWithin(path, join(home, p))) ? 'protected' : 'outside';
}
