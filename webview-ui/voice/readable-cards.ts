/** At most so many are told; a person reads fewer at once. */
const MOST = 64;

/**
 * The questions whose exact call a person can read now: open, whole, and inside what is scrolled into view.
 * A spoken answer counts only for one that has been on show, so what is cut or hidden is left out.
 */
export function readableCards(
  root: ParentNode,
  isWhole: (approvalId: string) => boolean,
): string[] {
  if (document.visibilityState !== 'visible') return [];
  const frame = root.querySelector('.main')?.getBoundingClientRect();
  if (frame === undefined) return [];
  return [...root.querySelectorAll<HTMLElement>('article.card[data-approval]')]
    .filter((card) => {
      const call = card.querySelector('.call')?.getBoundingClientRect();
      if (call === undefined || !isWhole(card.dataset['approval'] ?? '')) return false;
      return call.top >= frame.top - 1 && call.bottom <= frame.bottom + 1;
    })
    .map((card) => card.dataset['approval'] ?? '')
    .slice(0, MOST);
}
