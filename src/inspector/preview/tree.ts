/** A value as a tree that opens by a press; what is closed costs nothing. */
import { MappedArray } from 'keepsake';
import { html, nothing, type TemplateResult } from 'lit';
import { formatCount, formatNumber, formatShape, shortened, visible } from '../format.ts';

/** Members that are shown at once. */
const MOST = 100;

type Member = readonly [name: string, value: unknown];

function membersOf(value: object): Member[] {
  if (Array.isArray(value)) return value.slice(0, MOST).map((each, at): Member => [String(at), each]);
  if (value instanceof Map) return [...value].slice(0, MOST).map(([key, each]): Member => [brief(key), each]);
  if (value instanceof Set) return [...value].slice(0, MOST).map((each, at): Member => [String(at), each]);
  return Object.entries(value).slice(0, MOST);
}

const sizeOf = (value: object): number =>
  Array.isArray(value)
    ? value.length
    : value instanceof Map || value instanceof Set
      ? value.size
      : Object.keys(value).length;

const nameOf = (value: object): string => Object.prototype.toString.call(value).slice(8, -1);

const isLeaf = (value: unknown): boolean =>
  typeof value !== 'object' ||
  value === null ||
  value instanceof MappedArray ||
  value instanceof Date ||
  value instanceof RegExp ||
  value instanceof URL ||
  value instanceof Blob ||
  value instanceof Error;

/** One line. */
export function brief(value: unknown): string {
  if (typeof value === 'string') return `'${visible(shortened(value, 200))}'`;
  if (typeof value === 'number') return formatNumber(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (value instanceof MappedArray) return `${value.dtype} [${formatShape(value.shape)}]`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof Blob) return `Blob ${visible(value.type)} ${formatCount(value.size)} B`;
  if (value instanceof Error) return visible(shortened(String(value), 200));
  if (typeof value !== 'object' || value === null) return String(value);
  if (isLeaf(value)) return visible(shortened(String(value), 200));
  return `${nameOf(value)} (${formatCount(sizeOf(value))})`;
}

const line = (name: string, value: unknown): TemplateResult => html`
  <span class="name" dir="ltr">${visible(shortened(name, 100))}</span>: <bdi class="value">${brief(value)}</bdi>`;

/** @param open The paths that are open; `onToggle` is told of presses. */
export interface TreeState {
  readonly open: ReadonlySet<string>;
  toggle(path: string): void;
}

export function renderTree(
  value: unknown,
  state: TreeState,
  path = 'result',
  name = 'result',
): TemplateResult {
  if (isLeaf(value)) return html`<div class="leaf">${line(name, value)}</div>`;
  const isOpen = state.open.has(path);
  const object = value as object; // leaves apart, nothing else is left
  return html`<div class="branch">
    <button class="twig" aria-expanded=${isOpen} @click=${() => state.toggle(path)}>
      <span aria-hidden="true">${isOpen ? '▾' : '▸'}</span> ${line(name, value)}
    </button>
    ${isOpen ? html`<div class="members">${renderMembers(object, state, path)}</div>` : nothing}
  </div>`;
}

function renderMembers(value: object, state: TreeState, path: string): unknown {
  const members = membersOf(value);
  const left = sizeOf(value) - members.length;
  return html`${members.map(([name, each], at) => renderTree(each, state, `${path}/${at}`, name))}
    ${left > 0 ? html`<p class="quiet">and ${formatCount(left)} more</p>` : nothing}`;
}
