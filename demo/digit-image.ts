import { type Digits, pixelsPerDigit } from './data.ts';

const side = 28;

/** Draws one digit as a 28 × 28 canvas in the given ink on a clear ground. */
export function createDigitImage(digits: Digits, digit: number, ink: string): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = side;
  canvas.height = side;
  canvas.ariaHidden = 'true';
  const context = canvas.getContext('2d');
  if (!context) return canvas;
  const image = context.createImageData(side, side);
  const levels = digits.pixels.subarray(digit * pixelsPerDigit, (digit + 1) * pixelsPerDigit);
  for (const [pixel, level] of levels.entries()) image.data[pixel * 4 + 3] = level;
  context.putImageData(image, 0, 0);
  context.globalCompositeOperation = 'source-in';
  context.fillStyle = ink;
  context.fillRect(0, 0, side, side);
  return canvas;
}
