const locale = 'en';
const wholeNumber = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const threeDigits = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 });
const twoDigits = new Intl.NumberFormat(locale, { maximumSignificantDigits: 2 });

/** 0.43 → "0.43 ms", 85.4 → "85 ms", 7,312 → "7.3 s". */
export function formatDuration(ms: number): string {
  if (ms < 999.5) return `${ms < 10 ? twoDigits.format(ms) : wholeNumber.format(ms)} ms`;
  const seconds = ms / 1000;
  return `${seconds < 10 ? seconds.toFixed(1) : wholeNumber.format(seconds)} s`;
}

/** Decimal units, as disks and browsers' storage settings count: 64,000,128 → "64 MB". */
export function formatBytes(bytes: number): string {
  const units = ['kB', 'MB', 'GB'];
  if (bytes < 1000) return `${wholeNumber.format(bytes)} B`;
  const power = Math.min(units.length, Math.floor(Math.log10(bytes) / 3));
  return `${threeDigits.format(bytes / 1000 ** power)} ${units[power - 1]}`;
}

/** How many times longer the slow way takes: "86 times". */
export function formatRatio(slowMs: number, fastMs: number): string {
  const ratio = slowMs / Math.max(fastMs, 0.1);
  return `${ratio < 10 ? twoDigits.format(ratio) : wholeNumber.format(ratio)} times`;
}
