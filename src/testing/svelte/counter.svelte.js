/** What a component follows. */
export function makeCounter(from) {
  let count = $state(from);
  return {
    get count() {
      return count;
    },
    set count(next) {
      count = next;
    },
  };
}
