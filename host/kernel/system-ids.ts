import { randomBytes, randomUUID } from 'node:crypto';
import { monotonicFactory } from 'ulid';
import { idSource, type IdSource } from './ids.ts';

export const systemIds = (): IdSource => {
  const ulid = monotonicFactory(pooledRandom());
  return idSource(
    () => ulid(),
    randomUUID,
    (bytes) => randomBytes(bytes).toString('base64url'),
  );
};

/** Random numbers in [0, 1). Drawn in blocks: one draw for each of a ULID's 16 characters takes 15 µs. */
function pooledRandom(): () => number {
  let pool = Buffer.alloc(0);
  let at = 0;
  return () => {
    if (at === pool.length) {
      pool = randomBytes(512);
      at = 0;
    }
    const byte = pool[at] ?? 0;
    at += 1;
    return byte / 256;
  };
}
