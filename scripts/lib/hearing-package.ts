// What is in hob-hearing.vsix: the model that is asked when an order was heard in noise. A package of its own, as it is
// half as large as all of Hob and the same for every platform; Hob finds it beside itself.
import { cpSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { modelFolder } from './speech-model.mjs';
import { root } from './steps.ts';

/** Where the build puts the model. */
const model = path.join(root, 'dist', modelFolder);

const readme = `# Hob Hearing

Hears orders in noise: people who talk, a fan, a street. Install it beside **Hob**; there is nothing to set up. Hob asks it
when it is not sure of what it heard. Everything stays on the machine. Without it Hob hears with what it has by itself.

The model is Moonshine Tiny (English), made smaller; its licence is in LICENSE.
`;

/** Fills a folder with exactly what the package holds. */
export function stageHearing(folder: string): void {
  if (!existsSync(model)) throw new Error(`${model} is not there; run npm run build`);
  const hob = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Record<
    string,
    unknown
  >;
  const { publisher, version, license, icon, extensionKind } = hob;
  const { vscode } = hob['engines'] as { vscode: string };
  const manifest = {
    name: 'hob-hearing',
    displayName: 'Hob Hearing',
    description:
      'Lets Hob hear spoken orders in noise. A model, no code; nothing leaves the machine.',
    publisher,
    version,
    license,
    icon,
    extensionKind,
    engines: { vscode },
    categories: ['Other'],
  };
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest, null, 2));
  writeFileSync(path.join(folder, 'README.md'), readme);
  cpSync(path.join(root, String(icon)), path.join(folder, String(icon)), { recursive: true });
  cpSync(model, path.join(folder, 'model'), { recursive: true });
  renameSync(path.join(folder, 'model/LICENSE'), path.join(folder, 'LICENSE'));
}
