/** Figures as lines of a build have them. */

export const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

export const countOf = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

export function bytes(count: number): string {
  if (count < 2 ** 10) return `${count} B`;
  return count < 2 ** 20 ? `${(count / 2 ** 10).toFixed(1)} KiB` : `${(count / 2 ** 20).toFixed(1)} MiB`;
}
