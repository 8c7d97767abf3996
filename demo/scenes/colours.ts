/** Levels as colours: from the ground of the page to its accent, through a warm middle. */

type Colour = readonly [red: number, green: number, blue: number];

const scales: Readonly<Record<'light' | 'dark', readonly Colour[]>> = {
  light: [
    [255, 255, 255],
    [196, 229, 220],
    [62, 160, 150],
    [11, 97, 84],
    [30, 40, 70],
  ],
  dark: [
    [22, 28, 26],
    [16, 70, 74],
    [30, 140, 128],
    [123, 217, 198],
    [250, 250, 215],
  ],
};

const darkScheme = matchMedia('(prefers-color-scheme: dark)');

/** Hears that the colours are others from now on. */
export const onColours = (listener: () => void): void => darkScheme.addEventListener('change', listener);

/** 256 colours as little-endian pixels, from the least level to the greatest. */
export function readScale(): Uint32Array {
  const stops = scales[darkScheme.matches ? 'dark' : 'light'];
  const last = stops.length - 1;
  return Uint32Array.from({ length: 256 }, (_, level) => {
    const at = (level / 255) * last;
    const from = Math.min(last - 1, Math.floor(at));
    const [red, green, blue] = [0, 1, 2].map((channel) => {
      const [start, end] = [stops[from]?.[channel] ?? 0, stops[from + 1]?.[channel] ?? 0];
      return Math.round(start + (end - start) * (at - from));
    }) as [number, number, number]; // three channels
    return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
  });
}

/** Draws [height, width] levels from 0 to 1, row 0 at the top, into a canvas of just that many pixels. */
export function drawLevels(
  canvas: HTMLCanvasElement,
  levels: { readonly width: number; readonly height: number; at(column: number, row: number): number },
): void {
  const { width, height } = levels;
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (!context) return;
  const image = context.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  const scale = readScale();
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const level = Math.max(0, Math.min(1, levels.at(column, row)));
      pixels[row * width + column] = scale[Math.round(level * 255)] ?? 0;
    }
  }
  context.putImageData(image, 0, 0);
}
