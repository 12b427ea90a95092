import { idPrefixes, type IdKind } from '#schema/envelope/ids.ts';

/** Source of every id. Injected, so a test can name them. */
export interface IdSource {
  /** `appr_01J…`: a ULID with the kind's prefix, monotonic within one process. */
  domain(kind: IdKind): string;
  uuid(): string;
  /** `bytes` random bytes, base64url. */
  secret(bytes: number): string;
}

/** Ids from a ULID maker, a UUID maker and a randomness source. */
export const idSource = (ulid: () => string, uuid: () => string, random: (bytes: number) => Uint8Array): IdSource => ({
  domain: (kind) => idPrefixes[kind] + ulid(),
  uuid,
  secret: (bytes) => Buffer.from(random(bytes)).toString('base64url'),
});
