/**
 * A UUID of version 7 (RFC 9562): the time in front, the rest from a random UUID. Ids that grow with
 * time go to the end of their index; random ones cost every append a page somewhere in the middle.
 */
export function timeOrderedUuid(ms: number, random: string): string {
  const time = ms.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8, 12)}-7${random.slice(15)}`;
}
