export interface Palette {
  /** One colour per digit. The glyph itself names the class, so colour is never the only sign of it. */
  readonly digits: readonly string[];
  readonly ink: string;
  readonly ground: string;
}

/** Reads the colours that styles.css sets for the current colour scheme. */
export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    digits: Array.from({ length: 10 }, (_, label) => read(`--digit-${label}`)),
    ink: read('--ink'),
    ground: read('--plot-ground'),
  };
}
