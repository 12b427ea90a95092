// The tier table of the host and the rules that follow from it. A folder imports from rows above its
// own, never from its own row: features of one tier meet in host/runtime/compose.ts through ports.
import type { IForbiddenRuleType } from 'dependency-cruiser';

export const hostTiers: readonly (readonly string[])[] = [
  ['kernel'],
  ['store', 'vault', 'egress'],
  ['policy', 'profile'],
  ['inference', 'providers', 'memory'],
  [
    'voice',
    'scheduler',
    'runs',
    'agents',
    'intents',
    'inquiries',
    'skills',
    'mcp',
    'evolution',
    'peers',
  ],
  ['conversation'],
  ['router'],
  ['ipc'],
  ['runtime'],
  ['cli'],
];

const tests = '[.]test[.]ts$';
/** Code that must run anywhere: the same files as in tsconfig.pure.json. */
const pure = '^(schema|host/kernel|host/.+/core)/';
const notPure = [tests, '^schema/(wire|client)/', '^host/kernel/system-'];

function tierRule(folder: string, tier: number): IForbiddenRuleType {
  const above = hostTiers
    .slice(tier)
    .flat()
    .filter((other) => other !== folder);
  return {
    name: `tier-${folder}`,
    severity: 'error',
    comment: `host/${folder} may import only from lower tiers`,
    from: { path: `^host/${folder}/` },
    to: { path: `^host/(${above.join('|')})/` },
  };
}

function onlyFrom(
  name: string,
  from: string,
  allowed: string,
  comment: string,
): IForbiddenRuleType {
  return {
    name,
    severity: 'error',
    comment,
    from: { path: from, pathNot: tests },
    to: { path: '^(schema|host|extension|webview-ui|scripts|test)/', pathNot: allowed },
  };
}

const hostRules: readonly IForbiddenRuleType[] = [
  onlyFrom(
    'host-is-below-its-clients',
    '^host/',
    '^(schema|host)/',
    'the host knows nothing of what shows it',
  ),
  {
    name: 'adapters-belong-to-their-folder',
    severity: 'error',
    comment: 'an adapter is imported by its own folder and by host/runtime, which wires it',
    from: { path: '^host/([^/]+)/', pathNot: [tests, '^host/runtime/'] },
    to: { path: '^host/[^/]+/adapters/', pathNot: '^host/$1/' },
  },
  {
    name: 'core-knows-no-adapter',
    severity: 'error',
    comment: 'core/ is decided by its arguments alone',
    from: { path: '^host/.+/core/', pathNot: tests },
    to: { path: '^host/[^/]+/(adapters/|service[.]ts$)' },
  },
  {
    name: 'one-way-out',
    severity: 'error',
    comment:
      'what leaves the machine goes through host/egress; host/ipc and the redirect of a sign-in listen locally',
    from: {
      path: '^host/',
      pathNot: [
        tests,
        '^host/egress/adapters/',
        '^host/ipc/adapters/',
        '^host/mcp/client/adapters/redirect-listener[.]ts$',
      ],
    },
    to: {
      dependencyTypes: ['core'],
      path: '^(node:)?(http|https|http2|net|tls|dgram|dns)(/|$)',
    },
  },
  onlyFrom(
    'worker-is-alone',
    '^host/inference/worker/',
    '^(schema|host/kernel|host/inference/(core|worker))/',
    'the inference worker runs in a sandbox of its own',
  ),
];

/** Every rule, in the form dependency-cruiser takes. */
export function layerRules(): IForbiddenRuleType[] {
  return [
    ...hostTiers.flatMap((row, tier) => row.map((folder) => tierRule(folder, tier))),
    ...hostRules,
    onlyFrom(
      'schema-stands-alone',
      '^schema/',
      '^schema/',
      'the contract depends on nothing of ours',
    ),
    onlyFrom(
      'extension-uses-the-contract',
      '^extension/',
      '^(schema|extension)/',
      'clients import only the contract',
    ),
    onlyFrom(
      'panel-uses-the-contract',
      '^webview-ui/',
      '^(schema|webview-ui)/',
      'clients import only the contract',
    ),
    {
      name: 'pure-means-no-node',
      severity: 'error',
      comment: 'no Node in the contract, the kernel and core/',
      from: { path: pure, pathNot: notPure },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-cycle',
      severity: 'error',
      comment: 'two modules that need each other are one module, or miss a third',
      from: {},
      to: { circular: true },
    },
    {
      name: 'resolves',
      severity: 'error',
      comment: 'an import that leads nowhere is one that no rule can see',
      from: {},
      to: { couldNotResolve: true, pathNot: '^vscode$' },
    },
  ];
}
