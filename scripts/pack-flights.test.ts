import { expect, test } from 'vitest';
import { packFlights } from './pack-flights.ts';

test('packFlights() puts the minute of the day and the delay of 200,000 flights in turn', () => {
  const flights = new Int16Array(packFlights().buffer);
  expect(flights.length).toBe(400_000);
  expect([...flights.subarray(0, 4)]).toEqual([0, 0, 0, 171]);
  const minutes = flights.filter((_, at) => at % 2 === 0);
  expect(minutes.every((minute) => minute >= 0 && minute < 1_440)).toBe(true);
  expect(Math.max(...new Set(flights.filter((_, at) => at % 2 === 1)))).toBe(1_444);
});
