import type { JobReply, Spectrogram, SpectrogramRequest } from '../job-protocol.ts';
import { makeBirdSong } from './bird-song.ts';
import { frame } from './frames.ts';

const framesPerReport = 200;
/** What is quieter than this is silence, in decibels. */
const floorDecibels = -90;

const post = (reply: JobReply<Spectrogram>, transfer: Transferable[] = []) => postMessage(reply, transfer);

/** Swaps real and imaginary parts into the order of reversed bits, from which the transform goes on. */
function reverseBits(real: Float64Array, imaginary: Float64Array): void {
  for (let at = 1, mirror = 0; at < real.length; at++) {
    let bit = real.length >> 1;
    for (; mirror & bit; bit >>= 1) mirror ^= bit;
    mirror ^= bit;
    if (at >= mirror) continue;
    for (const part of [real, imaginary]) [part[at], part[mirror]] = [part[mirror] ?? 0, part[at] ?? 0];
  }
}

/** The radix-2 transform of Cooley and Tukey (1965), in place, of as many values as `size` says. */
class Fourier {
  readonly #size: number;
  readonly #cosines: Float64Array;
  readonly #sines: Float64Array;

  constructor(size: number) {
    this.#size = size;
    const tableOf = (of: (angle: number) => number) =>
      Float64Array.from({ length: size / 2 }, (_, at) => of((-2 * Math.PI * at) / size));
    this.#cosines = tableOf(Math.cos);
    this.#sines = tableOf(Math.sin);
  }

  transform(real: Float64Array, imaginary: Float64Array): void {
    reverseBits(real, imaginary);
    for (let half = 1; half < this.#size; half *= 2) this.#join(real, imaginary, half);
  }

  /** Of two transforms of `half` values each makes one of twice as many. */
  #join(real: Float64Array, imaginary: Float64Array, half: number): void {
    const size = this.#size;
    for (let offset = 0; offset < half; offset++) {
      const turn = offset * (size / (2 * half));
      const cosine = this.#cosines[turn] as number; // in range, as all below
      const sine = this.#sines[turn] as number;
      for (let start = offset; start < size; start += 2 * half) {
        const re = real[start + half] as number;
        const im = imaginary[start + half] as number;
        const turnedRe = re * cosine - im * sine;
        const turnedIm = re * sine + im * cosine;
        real[start + half] = (real[start] as number) - turnedRe;
        imaginary[start + half] = (imaginary[start] as number) - turnedIm;
        real[start] = (real[start] as number) + turnedRe;
        imaginary[start] = (imaginary[start] as number) + turnedIm;
      }
    }
  }
}

function spectrogram({ seconds, seed }: SpectrogramRequest): Spectrogram {
  post({ kind: 'progress', step: 'Making the sound' });
  const { hop, window, bins } = frame;
  const samples = makeBirdSong(seconds, seed);
  const count = Math.floor((samples.length - window) / hop);
  const levels = new Float32Array(count * bins);
  const bell = Float64Array.from({ length: window }, (_, at) => Math.sin((Math.PI * at) / window) ** 2);
  const fourier = new Fourier(window);
  const real = new Float64Array(window);
  const imaginary = new Float64Array(window);
  for (let column = 0; column < count; column++) {
    for (let at = 0; at < window; at++) real[at] = (samples[column * hop + at] ?? 0) * (bell[at] ?? 0);
    imaginary.fill(0);
    fourier.transform(real, imaginary);
    for (let bin = 0; bin < bins; bin++) {
      const power = (real[bin] ?? 0) ** 2 + (imaginary[bin] ?? 0) ** 2;
      levels[column * bins + bin] = Math.max(floorDecibels, 10 * Math.log10(power / window + 1e-12));
    }
    if (column % framesPerReport === 0)
      post({ kind: 'progress', step: 'Measuring frames', fraction: column / count });
  }
  return { levels, samples };
}

addEventListener('message', ({ data }: MessageEvent<SpectrogramRequest>) => {
  post({ kind: 'entered' });
  const values = spectrogram(data);
  post({ kind: 'result', values }, [values.levels.buffer, values.samples.buffer]);
});
