import type { Principal } from '#schema/envelope/principal.ts';
import type { StoreReader } from '#host/store/ports.ts';
import { limitOf, type CapabilityLimit } from '../core/capability.ts';
import { capabilitiesProjection } from '../projections.ts';

/** What a principal's token is good for at this moment; null for who has none. */
export async function tokenLimit(
  reader: StoreReader,
  { delegation }: Principal,
): Promise<CapabilityLimit | null> {
  return delegation === undefined ? null : lineLimit(reader, delegation);
}

/** The same for grants named one by one, first to last. */
export async function lineLimit(
  reader: StoreReader,
  delegation: readonly string[],
): Promise<CapabilityLimit> {
  return limitOf(
    await Promise.all(delegation.map((id) => reader.document(capabilitiesProjection, id))),
  );
}
