import type { Neighbour } from './nearest-neighbours.ts';
import type { Palette } from './palette.ts';
import type { Size } from './plot-geometry.ts';

export interface Scene {
  readonly size: Size;
  /** [count, 2] pixels. */
  readonly positions: Float32Array;
  readonly labels: Uint8Array;
  readonly palette: Palette;
  readonly glyphs: readonly HTMLCanvasElement[];
  readonly glyphSize: number;
  readonly selected: number | undefined;
  readonly neighbours: readonly Neighbour[];
}

const fontFamily = 'ui-rounded, system-ui, sans-serif';

/** Draws each digit once per palette and size; stamping 4,000 of these takes a few milliseconds, writing text does not. */
export function createGlyphs(palette: Palette, glyphSize: number, pixelRatio: number): HTMLCanvasElement[] {
  return palette.digits.map((colour, label) => {
    const canvas = document.createElement('canvas');
    canvas.width = Math.ceil(glyphSize * pixelRatio);
    canvas.height = canvas.width;
    const context = canvas.getContext('2d');
    if (!context) return canvas;
    context.scale(pixelRatio, pixelRatio);
    writeGlyph(context, { text: String(label), colour, x: glyphSize / 2, y: glyphSize / 2, glyphSize });
    return canvas;
  });
}

interface Glyph {
  readonly text: string;
  readonly colour: string;
  readonly x: number;
  readonly y: number;
  readonly glyphSize: number;
}

function writeGlyph(context: CanvasRenderingContext2D, { text, colour, x, y, glyphSize }: Glyph): void {
  context.font = `600 ${glyphSize * 0.95}px ${fontFamily}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillStyle = colour;
  context.fillText(text, x, y + glyphSize * 0.04);
}

/** Draws every point, then the selected one with lines to its neighbours. */
export function drawScene(context: CanvasRenderingContext2D, scene: Scene): void {
  context.clearRect(0, 0, scene.size.width, scene.size.height);
  context.globalAlpha = scene.neighbours.length > 0 ? 0.28 : 1;
  drawPoints(context, scene);
  context.globalAlpha = 1;
  if (scene.selected === undefined) return;
  drawLines(context, scene, scene.selected);
  for (const { digit } of scene.neighbours) drawBadge(context, scene, digit, scene.glyphSize * 0.95);
  drawBadge(context, scene, scene.selected, scene.glyphSize * 1.5);
}

function drawPoints(
  context: CanvasRenderingContext2D,
  { positions, labels, glyphs, glyphSize }: Scene,
): void {
  for (const [point, label] of labels.entries()) {
    const glyph = glyphs[label];
    if (!glyph) continue;
    const x = (positions[point * 2] ?? 0) - glyphSize / 2;
    const y = (positions[point * 2 + 1] ?? 0) - glyphSize / 2;
    context.drawImage(glyph, x, y, glyphSize, glyphSize);
  }
}

function drawLines(context: CanvasRenderingContext2D, scene: Scene, selected: number): void {
  context.strokeStyle = scene.palette.ink;
  context.lineWidth = 1;
  context.beginPath();
  for (const { digit } of scene.neighbours) {
    context.moveTo(scene.positions[selected * 2] ?? 0, scene.positions[selected * 2 + 1] ?? 0);
    context.lineTo(scene.positions[digit * 2] ?? 0, scene.positions[digit * 2 + 1] ?? 0);
  }
  context.stroke();
}

/** A digit in a disc: reversed out of its colour, so it stands clear of lines and of the points around. */
function drawBadge(context: CanvasRenderingContext2D, scene: Scene, point: number, radius: number): void {
  const { positions, labels, palette } = scene;
  const label = labels[point] ?? 0;
  const x = positions[point * 2] ?? 0;
  const y = positions[point * 2 + 1] ?? 0;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = palette.digits[label] ?? palette.ink;
  context.fill();
  context.lineWidth = 2;
  context.strokeStyle = palette.ground;
  context.stroke();
  writeGlyph(context, { text: String(label), colour: palette.ground, x, y, glyphSize: radius * 1.4 });
}
