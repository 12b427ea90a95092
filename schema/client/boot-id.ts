import { readFileSync } from 'node:fs';

/** Names this boot of the machine, so that a pid of an earlier one is not mistaken for ours; null where there is no such name. */
export function bootId(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return null;
  }
}
