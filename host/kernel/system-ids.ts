import { randomBytes, randomUUID } from 'node:crypto';
import { monotonicFactory } from 'ulid';
import { idSource, type IdSource } from './ids.ts';

export const systemIds = (): IdSource => {
  const ulid = monotonicFactory();
  return idSource(
    () => ulid(),
    randomUUID,
    (bytes) => randomBytes(bytes).toString('base64url'),
  );
};
