/** The grid that flights are spread over: the day across, delays down. */
export const surface = {
  width: 480,
  height: 300,
  minutesPerColumn: 3,
  /** Minutes of delay in the first row, and per row. */
  firstDelay: -30,
  delayPerRow: 0.4,
} as const;

/** Where a flight lies, in cells, between them too. */
export const cellOf = (minute: number, delay: number): { x: number; y: number } => ({
  x: minute / surface.minutesPerColumn,
  y: (delay - surface.firstDelay) / surface.delayPerRow,
});
