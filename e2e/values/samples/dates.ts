import * as internationalized from '@internationalized/date';
import * as joda from '@js-joda/core';
import { Temporal as JsTemporal } from '@js-temporal/polyfill';
import { Temporal as JsTemporalOld } from '@js-temporal/polyfill-old';
import { addDays } from 'date-fns';
import dayjs from 'dayjs';
import 'dayjs/locale/de';
import timezone from 'dayjs/plugin/timezone';
import utc from 'dayjs/plugin/utc';
import dayjsOld from 'dayjs-old';
import * as codecs from 'keepsake/codecs';
import * as luxon from 'luxon';
import * as luxonOld from 'luxon-old';
import moment from 'moment';
import 'moment/locale/de';
import momentOld from 'moment-old';
import { Temporal } from 'temporal-polyfill';
import type { Sample } from './sample.ts';

const entry = 'dates';
dayjs.extend(utc);
dayjs.extend(timezone);

const temporals = (name: string, Made): Sample => {
  const make = (day: number) => [
    Made.PlainDate.from(`2020-01-0${day}`),
    Made.ZonedDateTime.from('2020-10-25T02:30:00+01:00[Europe/Berlin]'),
    Made.Duration.from({ milliseconds: 1500 * day }),
    Made.Instant.fromEpochMilliseconds(1.5e12 + day),
    Made.PlainYearMonth.from('2020-02'),
    Made.PlainDate.from('2020-01-01[u-ca=hebrew]'),
  ];
  return {
    package: name,
    what: 'PlainDate, ZonedDateTime, Duration…',
    make: () => make(1),
    other: () => make(5),
    tell: (values) => [
      values.map(String),
      values[0] instanceof Made.PlainDate,
      values[2].milliseconds,
      values[1].offset,
      values[5].year,
    ],
    codecs: () => [codecs.temporal(Made)],
    line: 'temporal(Temporal)',
    entry,
  };
};

const luxons = (name: string, { DateTime, Duration, Interval }): Sample => {
  const make = (day: number) => {
    const time = DateTime.fromISO(`2024-03-3${day}T01:30:00`, { zone: 'Europe/Berlin', locale: 'de' });
    time.weekNumber; // kept in the object from here on
    return {
      time,
      fixed: DateTime.fromISO('2024-01-01T00:00:00+05:30', { setZone: true }),
      local: DateTime.fromMillis(day),
      span: Duration.fromObject({ hours: 36 * day }, { locale: 'fr', conversionAccuracy: 'longterm' }),
      interval: Interval.after(time, { days: day }),
      invalid: DateTime.fromISO('no date'),
    };
  };
  return {
    package: name,
    what: 'DateTime, Duration, Interval',
    make: () => make(0),
    other: () => make(1),
    tell: ({ time, fixed, local, span, interval, invalid }) => [
      [time.toISO(), time.toLocaleString({ month: 'long' }), time.zoneName, time instanceof DateTime],
      [fixed.toISO(), fixed.zoneName, local.toISO(), local.zone.type],
      [span.toISO(), span.locale, span.shiftTo('months').toISO(), span instanceof Duration],
      [interval.toISO(), interval instanceof Interval, invalid.isValid, invalid.invalidReason],
    ],
    codecs: () => [codecs.luxon({ DateTime, Duration, Interval })],
    line: 'luxon({ DateTime, Duration, Interval })',
    entry,
  };
};

const moments = (name: string, make): Sample => ({
  package: name,
  what: 'Moment, Duration',
  make: () => [
    make.utc('2024-01-01T00:00:00Z'),
    make.parseZone('2024-01-01T00:00:00+05:30'),
    make(1e12),
    make.duration({ months: 2, days: 3 }),
  ],
  other: () => [
    make.utc('2024-01-02T00:00:00Z'),
    make.parseZone('2024-01-01T00:00:00+05:00'),
    make(1e12),
    make.duration({ months: 2, days: 4 }),
  ],
  tell: ([first, zoned, local, span]) => [
    [first.format(), first.isUTC(), first.clone().add(1, 'day').format('LLLL'), make.isMoment(first)],
    [
      zoned.format(),
      local.format(),
      local.locale(),
      span.toISOString(),
      make.isDuration(span),
      span.humanize(),
    ],
  ],
  codecs: () => [codecs.moment(make)],
  line: 'moment(moment)',
  entry,
});

export const dates: readonly Sample[] = [
  temporals('temporal-polyfill', Temporal),
  temporals('@js-temporal/polyfill', JsTemporal),
  temporals('@js-temporal/polyfill-old', JsTemporalOld),
  luxons('luxon', luxon),
  luxons('luxon-old', luxonOld),
  {
    package: 'dayjs',
    what: 'Dayjs',
    make: () => [
      dayjs(1e12).locale('de'),
      dayjs.utc(1e12),
      dayjs.tz('2024-07-01 12:00', 'America/New_York'),
      dayjs(1e12).utcOffset(330),
    ],
    other: () => [
      dayjs(1e12).locale('en'),
      dayjs.utc(1e12),
      dayjs.tz('2024-07-01 12:00', 'America/New_York'),
      dayjs(1e12).utcOffset(330),
    ],
    tell: (values) =>
      values.map((each) => [
        each.format('dddd YYYY-MM-DDTHH:mm:ssZ'),
        each.valueOf(),
        each.isUTC(),
        dayjs.isDayjs(each),
        each.add(1, 'hour').format(),
      ]),
    codecs: () => [codecs.dayjs(dayjs)],
    line: 'dayjs(dayjs)',
    entry,
  },
  {
    package: 'dayjs-old',
    what: 'Dayjs',
    make: () => dayjsOld(1e12),
    other: () => dayjsOld(2e12),
    tell: (value) => [value.format(), value.valueOf(), dayjsOld.isDayjs(value)],
    codecs: () => [codecs.dayjs(dayjsOld)],
    line: 'dayjs(dayjs)',
    entry,
  },
  moments('moment', moment),
  moments('moment-old', momentOld),
  {
    package: 'date-fns',
    what: 'Date',
    make: () => addDays(new Date(0), 1),
    other: () => addDays(new Date(0), 2),
    tell: (value) => [value.getTime(), value instanceof Date],
  },
  {
    package: '@js-joda/core',
    what: 'LocalDate',
    make: () => joda.LocalDate.of(2020, 1, 1),
    other: () => joda.LocalDate.of(2021, 5, 5),
    tell: (value) => [value.toString(), value.plusDays(1).toString()],
  },
  {
    package: '@internationalized/date',
    what: 'CalendarDate',
    make: () => new internationalized.CalendarDate(2020, 1, 1),
    other: () => new internationalized.CalendarDate(new internationalized.BuddhistCalendar(), 2020, 1, 1),
    tell: (value) => [value.toString(), value.add({ days: 1 }).toString()],
  },
];
