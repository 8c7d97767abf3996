/** The spectrogram of a sound, stored whole: only the frames that are looked at are read. */
import type { Mapped } from 'keepsake';
import { memory } from '../cached.ts';
import { wireComputation } from '../computation.ts';
import { createElement } from '../elements.ts';
import { formatBytes, formatDuration } from '../format.ts';
import type { Spectrogram } from '../job-protocol.ts';
import { sampleRate } from './bird-song.ts';
import { drawLevels, onColours } from './colours.ts';
import { frame } from './frames.ts';
import { createButton, createCard, type Stage } from './scene.ts';
import { birdSpectrogram } from './spectrogram.ts';

const spectrogram = memory.cache(birdSpectrogram, { id: 'bird-spectrogram', mmapMode: 'r' });
const song = { seconds: 120, seed: 11 };

/** Frames that are shown at once. */
const shownFrames = 480;
/** Of the 1,024 frequencies the lower ones: birds sing below 8 kHz. */
const shownBins = 720;
const quietest = -60;
const loudest = -5;

const secondsOf = (frames: number): number => (frames * frame.hop) / sampleRate;
const seconds = secondsOf(shownFrames).toFixed(1);
const clock = (at: number): string =>
  `${Math.floor(at / 60)}:${String(Math.floor(at % 60)).padStart(2, '0')}`;

class Listening {
  readonly #say: Stage['say'];
  readonly #canvas = createElement('canvas', { role: 'img', 'aria-label': 'Spectrogram' });
  readonly #bytes = createElement('output', { class: 'result', 'aria-label': 'Bytes read' });
  readonly #time = createElement('output', { for: 'sound-start' });
  readonly #slider = createElement('input', { id: 'sound-start', type: 'range', min: '0', step: '40' });
  readonly #play: HTMLButtonElement;
  readonly element: HTMLElement;
  readonly controls: HTMLElement;
  #result: Mapped<Spectrogram> | undefined;
  #levels: Float32Array | undefined;
  #readBytes = 0;
  #audio: AudioContext | undefined;
  #source: AudioBufferSourceNode | undefined;
  #turn = 0;

  constructor(say: Stage['say']) {
    this.#say = say;
    this.#canvas.width = shownFrames;
    this.#canvas.height = shownBins / 2;
    this.#slider.value = '0';
    this.#slider.addEventListener('input', () => void this.#look()); // says what went wrong
    this.#play = createButton(`Play these ${seconds} seconds`, () => this.#hear());
    const scale = `${seconds} s →, 0 to ${((shownBins / frame.window) * (sampleRate / 1_000)).toFixed(1)} kHz ↑`;
    this.element = createElement(
      'div',
      { class: 'stage-part' },
      createElement(
        'figure',
        { class: 'panel-picture' },
        this.#canvas,
        createElement('figcaption', {}, scale),
      ),
      createElement(
        'div',
        { class: 'slider' },
        createElement('label', { for: 'sound-start' }, 'Where to look', this.#time),
        this.#slider,
      ),
    );
    this.controls = createElement(
      'div',
      { class: 'stage-part' },
      createElement('div', { class: 'row-of-buttons' }, this.#play),
      this.#bytes,
    );
    onColours(() => this.#draw());
    this.#showIdle();
  }

  async open(result: Mapped<Spectrogram>): Promise<void> {
    await Promise.all([this.#result?.levels.close(), this.#result?.samples.close()]);
    this.#result = result;
    this.#readBytes = 0;
    this.#slider.max = String(Math.floor(result.levels.length / frame.bins) - shownFrames);
    this.#showIdle();
    await this.#look();
  }

  get #total(): number {
    return (this.#result?.levels.byteLength ?? 0) + (this.#result?.samples.byteLength ?? 0);
  }

  #showIdle(): void {
    const isReady = this.#result !== undefined;
    this.#slider.disabled = !isReady;
    this.#play.disabled = !isReady;
    if (!isReady) this.#bytes.textContent = 'Get the spectrogram first: it is computed once.';
  }

  async #look(): Promise<void> {
    const result = this.#result;
    if (!result) return;
    this.#turn += 1;
    const turn = this.#turn;
    const first = this.#slider.valueAsNumber;
    const text = `${clock(secondsOf(first))} to ${clock(secondsOf(first + shownFrames))}`;
    this.#time.textContent = text;
    this.#slider.ariaValueText = text;
    await this.#reading(async () => {
      const start = performance.now();
      const levels = await result.levels.read(first * frame.bins, (first + shownFrames) * frame.bins);
      this.#count(levels.byteLength, performance.now() - start);
      if (turn !== this.#turn) return;
      this.#levels = levels;
      this.#canvas.ariaLabel = `Spectrogram from ${text}`;
      this.#draw();
    });
  }

  async #hear(): Promise<void> {
    const result = this.#result;
    if (!result) return;
    this.#source?.stop();
    await this.#reading(async () => {
      const first = this.#slider.valueAsNumber * frame.hop;
      const start = performance.now();
      const samples = await result.samples.read(first, first + shownFrames * frame.hop);
      this.#count(samples.byteLength, performance.now() - start);
      this.#audio ??= new AudioContext();
      const buffer = this.#audio.createBuffer(1, samples.length, sampleRate);
      buffer.copyToChannel(samples as Float32Array<ArrayBuffer>, 0); // a slice is a buffer of its own
      this.#source = new AudioBufferSourceNode(this.#audio, { buffer });
      this.#source.connect(this.#audio.destination);
      this.#source.start();
      this.#say(`Plays ${seconds} seconds.`);
    });
  }

  async #reading(read: () => Promise<void>): Promise<void> {
    try {
      await read();
    } catch (problem) {
      this.#result = undefined;
      this.#showIdle();
      const text = problem instanceof Error ? problem.message : String(problem);
      this.#bytes.textContent = `It could not be read: ${text}. Get the spectrogram again.`;
    }
  }

  #count(bytes: number, ms: number): void {
    this.#readBytes += bytes;
    this.#bytes.replaceChildren(
      createElement('strong', { class: 'big-figure' }, formatBytes(this.#readBytes)),
      ` read of ${formatBytes(this.#total)}; the last ${formatBytes(bytes)} in ${formatDuration(ms)}`,
    );
  }

  #draw(): void {
    const levels = this.#levels;
    if (!levels) return;
    drawLevels(this.#canvas, {
      width: shownFrames,
      height: shownBins / 2,
      at: (column, row) => {
        const bin = column * frame.bins + (shownBins - 2 - row * 2);
        const level = Math.max(levels[bin] ?? quietest, levels[bin + 1] ?? quietest);
        return (level - quietest) / (loudest - quietest);
      },
    });
  }
}

export async function open({ root, say }: Stage): Promise<void> {
  const listening = new Listening(say);
  const card = createCard({
    job: 'spectrogram',
    title: 'Spectrogram of a wood at dawn',
    about: 'Seven birds from a fixed seed; 10,000 frames of 1,024 frequencies, 53 MB with the sound.',
    what: 'the spectrogram',
  });
  const side = createElement('div', { class: 'side' }, card, listening.controls);
  root.append(createElement('div', { class: 'panes' }, listening.element, side));
  const isStored = () => spectrogram.checkCallInCache(song);
  const wired = wireComputation({
    card,
    job: 'spectrogram',
    memory,
    functionId: spectrogram.id,
    call: (signal) => spectrogram({ ...song, signal }),
    isStored,
    onResult: (result) => void listening.open(result), // says what went wrong
  });
  if (await isStored()) void wired.run(); // the card says what went wrong
}
