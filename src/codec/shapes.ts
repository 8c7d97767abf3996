/** Key lists of objects, so that equal ones are written once. */

interface ShapeNode {
  number: number | undefined;
  readonly next: Map<string, ShapeNode>;
}

const newNode = (): ShapeNode => ({ number: undefined, next: new Map() });

/** Numbers key lists in the order of their first appearance. */
export class ShapeTable {
  readonly #roots = { plain: newNode(), bare: newNode() };
  #count = 0;

  /** The list's number; `isNew` when it was not met before. `hasPrototype`: objects without one have shapes of their own. */
  numberOf(names: readonly string[], hasPrototype: boolean): { number: number; isNew: boolean } {
    let node = hasPrototype ? this.#roots.plain : this.#roots.bare;
    for (const name of names) {
      let next = node.next.get(name);
      if (next === undefined) {
        next = newNode();
        node.next.set(name, next);
      }
      node = next;
    }
    if (node.number !== undefined) return { number: node.number, isNew: false };
    node.number = this.#count++;
    return { number: node.number, isNew: true };
  }
}
