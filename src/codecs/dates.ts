/** Codecs for dates of Temporal and its polyfills, luxon, dayjs and moment. */
import type { Codec } from '../values/values.ts';
import { has, hasMethods, pick, refuse, tagOf } from './structure.ts';

interface TextClass {
  // biome-ignore lint/suspicious/noExplicitAny: what each class takes is its own
  from(value: any): unknown;
}

/** The classes of Temporal that have values. */
export interface TemporalClasses {
  readonly Instant: TextClass;
  readonly ZonedDateTime: TextClass;
  readonly PlainDate: TextClass;
  readonly PlainTime: TextClass;
  readonly PlainDateTime: TextClass;
  readonly PlainYearMonth: TextClass;
  readonly PlainMonthDay: TextClass;
  readonly Duration: TextClass;
}

type TemporalName = keyof TemporalClasses;

const durationFields = [
  ...['years', 'months', 'weeks', 'days', 'hours', 'minutes', 'seconds'],
  ...['milliseconds', 'microseconds', 'nanoseconds'],
];

/** Temporal, or a polyfill of it: `temporal(Temporal)`. */
export const temporal = (
  Temporal: TemporalClasses,
): Codec<object, { type: TemporalName; value: unknown }> => ({
  name: 'temporal',
  is: (value) => has(value, 'toString') && tagOf(value).startsWith('Temporal.'),
  encode(value) {
    const type = tagOf(value).slice('Temporal.'.length) as TemporalName; // every class has its name for a tag
    // The text of a duration balances what is below a second.
    return { type, value: type === 'Duration' ? pick(value, durationFields) : value.toString() };
  },
  decode: ({ type, value }) => Temporal[type].from(value) as object, // from() makes what the class is for
});

/** What is used of luxon. */
// biome-ignore lint/suspicious/noExplicitAny: the library's classes, which this package does not depend on
type Luxon = { readonly DateTime: any; readonly Duration: any; readonly Interval: any };
// biome-ignore lint/suspicious/noExplicitAny: their objects
type LuxonValue = any;

const zoneNames: Readonly<Record<string, (zone: { name: string }) => string>> = {
  iana: ({ name }) => name,
  fixed: ({ name }) => name,
  system: () => 'system',
};

function encodeLuxon(value: LuxonValue): Record<string, unknown> {
  const { invalidReason = null, invalidExplanation = null } = value;
  const invalid = invalidReason === null ? undefined : { invalidReason, invalidExplanation };
  if (value.isLuxonInterval)
    return invalid ? { type: 'Interval', invalid } : { type: 'Interval', start: value.start, end: value.end };
  if (value.isLuxonDuration) {
    const { locale, numberingSystem, conversionAccuracy, matrix } = value;
    return {
      type: 'Duration',
      invalid,
      values: value.values,
      how: { locale, numberingSystem, conversionAccuracy, matrix },
    };
  }
  if (invalid) return { type: 'DateTime', invalid };
  const zone = zoneNames[value.zone.type]?.(value.zone) ?? refuse('a DateTime with a zone of its own');
  const { locale, numberingSystem, outputCalendar } = value;
  const weekSettings = value.loc.weekSettings ?? null;
  return {
    type: 'DateTime',
    ms: value.toMillis(),
    how: { zone, locale, numberingSystem, outputCalendar, weekSettings },
  };
}

/** luxon: `luxon({ DateTime, Duration, Interval })`, or the whole module. */
export const luxon = (library: Luxon): Codec<LuxonValue, LuxonValue> => ({
  name: 'luxon',
  is: (value) =>
    has(value, 'isLuxonDateTime') || has(value, 'isLuxonDuration') || has(value, 'isLuxonInterval'),
  encode: encodeLuxon,
  // The system's zone is another one elsewhere, and the same moment then reads differently.
  hash: (value) => [encodeLuxon(value), value.zoneName],
  decode({ type, invalid, ms, values, how, start, end }) {
    const { DateTime, Duration, Interval } = library;
    if (invalid)
      return library[type as keyof Luxon].invalid(invalid.invalidReason, invalid.invalidExplanation);
    if (type === 'Interval') return Interval.fromDateTimes(start, end);
    return type === 'Duration' ? Duration.fromObject(values, how) : DateTime.fromMillis(ms, how);
  },
});

/** What was made must read as what was stored: a locale or a plugin may be missing here. */
function checked<T extends { format(): string }>(value: T, text: string): T {
  return value.format() === text
    ? value
    : refuse(`this page reads ${text} as ${value.format()}: load the same locales and plugins`);
}

// biome-ignore lint/suspicious/noExplicitAny: a function with plugins, which this package does not depend on
type Dayjs = any;

/** dayjs: `dayjs(dayjs)`, with the plugins that the values need (utc, timezone). */
export const dayjs = (make: Dayjs): Codec<Dayjs, Dayjs> => ({
  name: 'dayjs',
  is: (value) => has(value, '$d', '$L', '$y', '$M') && hasMethods(value, 'startOf', 'format'),
  encode: (value) => ({
    ms: value.valueOf(),
    locale: value.$L,
    isUtc: value.$u === true,
    offset: value.$offset,
    zone: value.$x?.$timezone,
    text: value.format(),
  }),
  decode({ ms, locale, isUtc, offset, zone, text }) {
    let value = isUtc ? make.utc(ms) : make(ms);
    if (zone !== undefined) value = value.tz(zone);
    else if (offset !== undefined && !isUtc) value = value.utcOffset(offset);
    const localised = value.locale(locale);
    return localised.$L === locale
      ? checked(localised, text)
      : refuse(`the locale "${locale}" is not loaded`);
  },
});

// biome-ignore lint/suspicious/noExplicitAny: a function with plugins, which this package does not depend on
type Moment = any;

const isDuration = (value: unknown): boolean =>
  has(value, '_milliseconds', '_days', '_months', '_data', 'humanize');

/** moment and its durations: `moment(moment)`. */
export const moment = (make: Moment): Codec<Moment, Moment> => ({
  name: 'moment',
  is: (value) => has(value, '_isAMomentObject') || isDuration(value),
  encode(value) {
    const locale = value.locale();
    if (isDuration(value)) {
      const { _milliseconds: milliseconds, _days: days, _months: months } = value;
      return { type: 'Duration', fields: { milliseconds, days, months }, locale };
    }
    const { _isUTC: isFixed = false, _offset: offset, _z: zone } = value;
    const text = value.format();
    const made = pick(value, ['_i', '_f', '_strict']);
    return {
      type: 'Moment',
      ms: value.valueOf(),
      locale,
      isFixed,
      isUtc: value.isUTC(),
      offset,
      zone: zone?.name,
      text,
      made,
    };
  },
  hash(value) {
    const { made: _, ...rest } = this.encode(value) as Record<string, unknown>; // how it was written is no part of what it is
    return rest;
  },
  decode({ type, fields, ms, locale, isFixed, isUtc, offset, zone, text, made }) {
    if (type === 'Duration') return make.duration(fields).locale(locale);
    const value = make(ms);
    if (zone !== undefined) value.tz(zone);
    else if (isUtc) value.utc();
    else if (isFixed) value.utcOffset(offset);
    return checked(Object.assign(value.locale(locale), made), text);
  },
});
