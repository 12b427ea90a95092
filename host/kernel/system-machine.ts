import { bootId } from '#schema/client/boot-id.ts';
import type { Machine } from './machine.ts';

/** `process.hrtime` counts from a point that all processes of one boot share, unlike `performance.now`. */
export const systemMachine = (): Machine => ({
  bootId: bootId(),
  uptime: () => Number(process.hrtime.bigint() / 1_000n) / 1_000,
});
