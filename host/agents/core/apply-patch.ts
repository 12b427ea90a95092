/** The files that a patch in the `*** Begin Patch` format touches, as it names them. */
export function patchedPaths(patch: string): string[] {
  const paths = [
    ...patch.matchAll(/^\*\*\* (?:Add File|Update File|Delete File|Move to): (.+?)\s*$/gm),
  ];
  return [...new Set(paths.map((match) => match[1] as string))];
}
