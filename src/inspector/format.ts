/** Figures in words. */
const locale = 'en';
const wholeNumber = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const threeDigits = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 });
const fiveDigits = new Intl.NumberFormat(locale, { maximumSignificantDigits: 5 });
const relativeTime = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' });
const dateTime = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' });

export const formatCount = (count: number): string => wholeNumber.format(count);

/** '1 entry', '2 entries'. */
export const formatEntries = (count: number): string =>
  count === 1 ? '1 entry' : `${formatCount(count)} entries`;

export const formatNumber = (value: number | bigint): string =>
  typeof value === 'bigint' || Number.isFinite(value)
    ? typeof value === 'number' && value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e9)
      ? value.toExponential(3)
      : fiveDigits.format(value)
    : String(value);

/** 0.43 → '0.43 ms', 7,312 → '7.31 s', −7,312 → '−7.31 s'. */
export function formatDuration(ms: number): string {
  if (ms < 0) return `−${formatDuration(-ms)}`;
  if (ms < 999.5) return `${threeDigits.format(ms < 10 ? Math.round(ms * 100) / 100 : Math.round(ms))} ms`;
  if (ms < 120_000) return `${threeDigits.format(ms / 1_000)} s`;
  if (ms < 7_200_000) return `${threeDigits.format(ms / 60_000)} min`;
  return `${threeDigits.format(ms / 3_600_000)} h`;
}

/** Decimal units, as disks and the browser's own settings count: 64,000,128 → '64 MB'. */
export function formatBytes(bytes: number): string {
  const units = ['kB', 'MB', 'GB', 'TB'];
  if (bytes < 1_000) return `${wholeNumber.format(bytes)} B`;
  const power = Math.min(units.length, Math.floor(Math.log10(bytes) / 3));
  return `${threeDigits.format(bytes / 1_000 ** power)} ${units[power - 1]}`;
}

/** 'now', '2 min. ago', 'yesterday'. */
export function formatAge(time: number, now: number): string {
  const seconds = Math.round((time - now) / 1_000);
  if (seconds > 5) return 'in the future';
  if (seconds > -60) return seconds > -5 ? 'now' : relativeTime.format(seconds, 'second');
  const minutes = Math.round(seconds / 60);
  if (minutes > -60) return relativeTime.format(minutes, 'minute');
  const hours = Math.round(minutes / 60);
  return hours > -24
    ? relativeTime.format(hours, 'hour')
    : relativeTime.format(Math.round(hours / 24), 'day');
}

export const formatDate = (time: number): string =>
  Number.isFinite(time) ? dateTime.format(time) : 'unknown';

export const formatShape = (shape: readonly number[]): string => shape.map(formatCount).join(' × ');

/** What would not show, or would turn the text around it, by its code: controls, bidirectional marks, halves of pairs. */
export const visible = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u{${code.toString(16).toUpperCase()}}`;
  });

/** The beginning of a text, cut between characters. */
export const shortened = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '')}…` : text;
