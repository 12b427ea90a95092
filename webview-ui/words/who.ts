import type { Principal } from '#schema/envelope/principal.ts';
import { visibleText } from './visible.ts';

/** Who asks. A name that nothing proved is what somebody calls itself. */
export function whoName(principal: Principal): string {
  if (principal.kind === 'user') return 'You';
  const name = visibleText(principal.display);
  return principal.kind === 'agent' && !principal.proven ? `Calls itself ${name}` : name;
}
