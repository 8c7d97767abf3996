import type { Neighbour } from './nearest-neighbours.ts';
import type { Palette } from './palette.ts';
import type { Size } from './plot-geometry.ts';

export interface Scene {
  readonly size: Size;
  /** [count, 2] pixels. */
  readonly positions: Float32Array;
  readonly labels: Uint8Array;
  readonly palette: Palette;
  readonly glyphSize: number;
  readonly selected: number | undefined;
  readonly neighbours: readonly Neighbour[];
}

const fontFamily = 'ui-rounded, system-ui, sans-serif';

function setFont(context: CanvasRenderingContext2D, glyphSize: number): void {
  context.font = `600 ${glyphSize * 0.95}px ${fontFamily}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
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

/** One colour after the other: 4,000 digits written so take 4 ms a frame, stamped as bitmaps 15 ms. */
function drawPoints(
  context: CanvasRenderingContext2D,
  { positions, labels, palette, glyphSize }: Scene,
): void {
  setFont(context, glyphSize);
  for (const [label, colour] of palette.digits.entries()) {
    const text = String(label);
    context.fillStyle = colour;
    for (let point = 0; point < labels.length; point++) {
      if (labels[point] === label)
        context.fillText(text, positions[point * 2] ?? 0, positions[point * 2 + 1] ?? 0);
    }
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
  setFont(context, radius * 1.4);
  context.fillStyle = palette.ground;
  context.fillText(String(label), x, y + radius * 0.06);
}
