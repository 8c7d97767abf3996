/** A wood at dawn, made from a seed: some birds, each with a song of its own, over a little wind. */
import { seededRandom } from '../seeded-random.ts';

export const sampleRate = 22_050;
const birdCount = 7;

interface Note {
  readonly start: number;
  readonly seconds: number;
  /** Hertz at its beginning and its end. */
  readonly from: number;
  readonly to: number;
  readonly loudness: number;
  /** Trills per second, and how far they go in hertz. */
  readonly trill: number;
  readonly depth: number;
}

/** The notes of one bird, which sings its phrase again and again. */
function* notesOf(random: () => number, seconds: number): Generator<Note> {
  const pitch = 1_400 + 4_200 * random();
  const loudness = 0.05 + 0.12 * random();
  const phrase = Array.from({ length: 2 + Math.floor(random() * 5) }, () => ({
    seconds: 0.06 + 0.3 * random(),
    from: pitch * (0.75 + 0.6 * random()),
    to: pitch * (0.75 + 0.6 * random()),
    trill: random() < 0.4 ? 15 + 30 * random() : 0,
    depth: 120 + 300 * random(),
    gap: 0.03 + 0.12 * random(),
  }));
  const pause = 1.5 + 5 * random();
  for (let start = pause * random(); start < seconds; start += pause * (0.6 + random())) {
    for (const { gap, ...note } of phrase) {
      yield { start, loudness, ...note };
      start += note.seconds + gap;
    }
  }
}

function addNote(samples: Float32Array, note: Note): void {
  const first = Math.floor(note.start * sampleRate);
  const count = Math.min(Math.floor(note.seconds * sampleRate), samples.length - first);
  let phase = 0;
  for (let at = 0; at < count; at++) {
    const share = at / count;
    const trill = note.depth * Math.sin((2 * Math.PI * note.trill * at) / sampleRate);
    phase += (2 * Math.PI * (note.from + (note.to - note.from) * share + (note.trill && trill))) / sampleRate;
    const envelope = Math.sin(Math.PI * share) ** 2 * note.loudness;
    samples[first + at] =
      (samples[first + at] ?? 0) + envelope * (Math.sin(phase) + 0.25 * Math.sin(2 * phase));
  }
}

/** Returns [seconds * 22050] samples from -1 to 1. */
export function makeBirdSong(seconds: number, seed: number): Float32Array<ArrayBuffer> {
  const random = seededRandom(seed);
  const samples = new Float32Array(Math.floor(seconds * sampleRate));
  let wind = 0;
  for (let at = 0; at < samples.length; at++) {
    wind = 0.98 * wind + 0.02 * (random() * 2 - 1);
    samples[at] = wind * 0.05 * (1.2 + Math.sin(at / sampleRate / 3));
  }
  for (let bird = 0; bird < birdCount; bird++)
    for (const note of notesOf(random, seconds)) addNote(samples, note);
  return samples;
}
