import { idPrefixes, type IdKind } from '#schema/envelope/ids.ts';

/** Source of every id. Injected, so a test can name them. */
export interface IdSource {
  /** `appr_01J…`: a ULID with the kind's prefix, monotonic within one process. */
  domain(kind: IdKind): string;
  uuid(): string;
  /** `bytes` random bytes, base64url. */
  secret(bytes: number): string;
}

/** Ids from a ULID maker, a UUID maker and a maker of secrets. */
export const idSource = (
  ulid: () => string,
  uuid: () => string,
  secret: (bytes: number) => string,
): IdSource => ({
  domain: (kind) => idPrefixes[kind] + ulid(),
  uuid,
  secret,
});
