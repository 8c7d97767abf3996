/** ImageData: pixels and how to read them. */
import type { TypedArray } from '../value-kind.ts';

/** The parts of an ImageData. `pixelFormat` is missing in engines that know only eight bits a channel. */
export interface ImageParts {
  readonly width: number;
  readonly height: number;
  readonly colorSpace: string;
  readonly pixelFormat: string;
  readonly data: TypedArray;
}

/** Takes an image apart; the pixels are the image's own, not a copy. */
export function imageParts(image: ImageData): ImageParts {
  const { width, height, colorSpace = 'srgb', data } = image;
  return { width, height, colorSpace, pixelFormat: Reflect.get(image, 'pixelFormat') ?? 'rgba-unorm8', data };
}
