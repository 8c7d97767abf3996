import { digestText } from '../summary/digest-text.ts';
import { SUMMARY_FORMAT } from '../summary/module-summary.ts';
import type { Target } from './targets.ts';

/** One declaration or input that a function reaches, for people: its label, and a digest of itself alone. */
export interface WalkedNode {
  readonly label: string;
  readonly hash: string;
}

/** A label names a place, which may move; so only its kind is digested, and the name of a constant. */
function inputText(label: string, digest: string): string {
  const kind = label.startsWith('constant') ? label : label.slice(0, label.indexOf(' '));
  return `<${kind} ${digestText(digest)}>`;
}

/** The nodes of one walk, numbered by first visit. Their lines together are what the fingerprint digests. */
export class NodeList {
  readonly #numbers = new Map<string, number>();
  readonly #lines: string[] = [];
  readonly #labels: string[] = [];
  readonly #inputs = new Map<string, WalkedNode>();

  edgeOf(key: string): string | undefined {
    const number = this.#numbers.get(key);
    return number === undefined ? undefined : `#${number}`;
  }

  open(key: string, label: string): number {
    const number = this.#lines.push('') - 1;
    this.#numbers.set(key, number);
    this.#labels.push(label);
    return number;
  }

  close(number: number, parts: readonly string[]): string {
    this.#lines[number] = parts.join(' ');
    return `#${number}`;
  }

  /** An input without code: a package, an asset, a constant. Gives the text that stands for it in a line. */
  input(label: string, digest: string): string {
    const text = inputText(label, digest);
    this.#inputs.set(text, { label, hash: digestText(digest) });
    return text;
  }

  isReached(target: Target): boolean {
    switch (target.kind) {
      case 'item':
        return this.#numbers.has(`${target.path}#${target.index}`);
      case 'namespace':
        return this.#numbers.has(`namespace ${target.path}`);
      case 'run':
        return this.#numbers.has(`run ${target.path}`);
      case 'input':
        return this.#inputs.has(inputText(target.label, target.digest));
      default:
        return false;
    }
  }

  digest(effects: readonly string[]): string {
    return digestText([SUMMARY_FORMAT, ...this.#lines, 'effects', ...effects].join('\n'));
  }

  /** Every node with a digest in which other nodes are only labels, so that a change shows where it was made. */
  list(): WalkedNode[] {
    const nodes = this.#lines.map((line, number) => {
      const own = line
        .replace(/<[^>]*>/g, (text) => this.#inputs.get(text)?.label ?? text)
        .replace(/#(\d+)/g, (_, target) => this.#labels[Number(target)] ?? '');
      return { label: this.#labels[number] ?? '', hash: digestText(own) };
    });
    return [...nodes, ...this.#inputs.values()];
  }
}
