/** A result as far as it is looked at, by what it is. */
import type { EntryInfo } from 'keepsake';
import { html, type TemplateResult } from 'lit';
import { formatBytes, formatCount, shortened, visible } from '../format.ts';
import { ArrayPreview } from './array-preview.ts';
import { drawWave } from './drawing.ts';
import { hexOf } from './hex.ts';
import type { Preview } from './kind-of-result.ts';
import { TablePreview } from './table-preview.ts';
import { renderTree } from './tree.ts';

const MOST_TEXT = 20_000;
const HEX_BYTES = 512;
const MOST_SOUND_BYTES = 64 * 2 ** 20;

interface Options {
  /** Whether it may be read without being asked for. */
  readonly isAsked: boolean;
  changed(): void;
}

export class ResultPreview {
  readonly #preview: Preview;
  readonly #info: EntryInfo;
  readonly #changed: () => void;
  readonly #array: ArrayPreview | undefined;
  readonly #table: TablePreview | undefined;
  readonly #open = new Set(['result']);
  #isAsked: boolean;
  #hex = '';
  #samples: Float32Array | undefined;
  #picture: ImageBitmap | ImageData | undefined;
  #note = '';

  constructor(preview: Preview, info: EntryInfo, { isAsked, changed }: Options) {
    this.#preview = preview;
    this.#info = info;
    this.#changed = changed;
    this.#isAsked = isAsked;
    this.#array = preview.kind === 'array' ? new ArrayPreview(preview.array, changed) : undefined;
    this.#table = preview.kind === 'table' ? new TablePreview(preview) : undefined;
  }

  async open(): Promise<void> {
    if (this.#isAsked) await this.#read();
    this.#changed();
  }

  drawn(root: ShadowRoot): void {
    this.#array?.drawn(root);
    const canvas = root.querySelector<HTMLCanvasElement>('canvas.whole');
    if (!canvas) return;
    if (this.#samples) drawWave(canvas, this.#samples);
    const picture = this.#picture;
    if (!picture || canvas.width === picture.width) return;
    [canvas.width, canvas.height] = [picture.width, picture.height];
    const context = canvas.getContext('2d');
    if (picture instanceof ImageData) context?.putImageData(picture, 0, 0);
    else context?.drawImage(picture, 0, 0);
  }

  render(): TemplateResult {
    return html`<p class="label">Result</p>
      <p class="read"><output aria-label="Bytes read">${this.#readText()}</output> ${this.#note}</p>
      ${this.#isAsked ? this.#body() : this.#offer()}`;
  }

  #readText(): string {
    const { sizeBytes } = this.#info;
    const read = this.#array ? this.#array.bytesRead : this.#isAsked ? sizeBytes : 0;
    return `Read ${formatBytes(Math.min(read, sizeBytes))} of ${formatBytes(sizeBytes)}`;
  }

  #offer(): TemplateResult {
    const read = (): void => {
      this.#isAsked = true;
      void this.open();
    };
    return html`<button @click=${read}>Read it: ${formatBytes(this.#info.sizeBytes)}</button>`;
  }

  async #read(): Promise<void> {
    const preview = this.#preview;
    try {
      if (preview.kind === 'array') await this.#array?.open();
      if (preview.kind === 'bytes')
        this.#hex = hexOf(new Uint8Array(await preview.blob.slice(0, HEX_BYTES).arrayBuffer()));
      if (preview.kind === 'image')
        this.#picture =
          preview.image instanceof Blob ? await createImageBitmap(preview.image) : preview.image;
      if (preview.kind === 'sound') await this.#readSound(preview.sound);
    } catch (error) {
      this.#note = `It cannot be drawn: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  async #readSound(sound: Blob): Promise<void> {
    if (sound.size > MOST_SOUND_BYTES) throw new RangeError('the sound is too long');
    const context = new OfflineAudioContext(1, 1, 44_100);
    const decoded = await context.decodeAudioData(await sound.arrayBuffer());
    this.#samples = decoded.getChannelData(0);
    this.#note = `${decoded.duration.toFixed(1)} s, ${formatCount(decoded.sampleRate)} Hz, ${decoded.numberOfChannels} channels`;
  }

  #body(): TemplateResult {
    const preview = this.#preview;
    switch (preview.kind) {
      case 'array':
        return this.#array?.render() ?? html``;
      case 'table':
        return this.#table?.render(this.#changed) ?? html``;
      case 'text':
        return html`<pre class="preview" tabindex="0" role="region" aria-label="Text">${visible(shortened(preview.text, MOST_TEXT)).replaceAll('\\u{A}', '\n')}</pre>`;
      case 'bytes':
        return html`<pre class="preview" tabindex="0" role="region" aria-label="First bytes">${this.#hex}</pre>`;
      case 'image':
        return html`<canvas class="whole picture" role="img" aria-label="The picture"></canvas>`;
      case 'sound':
        return html`<canvas class="whole wave" role="img" aria-label="Wave form"></canvas>`;
      case 'tree':
        return html`<div class="tree">${renderTree(preview.value, {
          open: this.#open,
          toggle: (path) => {
            if (!this.#open.delete(path)) this.#open.add(path);
            this.#changed();
          },
        })}</div>`;
    }
  }
}
