/** The question and the answer on the development server's channel. */
export const IS_CURRENT = 'keepsake:is-current';

/** Import specifier of the client half of the question. */
export const CLIENT_MODULE = 'virtual:keepsake/is-current';

/** Name under which a module with memoised functions imports it. */
const localName = '__keepsakeIsCurrent';

/** Import that goes into a module with memoised functions, in development only. */
export const clientImport = `import { isCurrent as ${localName} } from ${JSON.stringify(CLIENT_MODULE)};`;

/** Expression that asks whether a function's fingerprint is still that of the files on disk. */
export function isCurrentExpression(id: string, fingerprint: string): string {
  return `()=>${localName}(${JSON.stringify(id)},${JSON.stringify(fingerprint)})`;
}

/**
 * The client half, as source text: it runs in the page. Without an answer in two seconds, or without a channel, the
 * answer is no, and nothing is kept.
 */
export const clientSource = `
const waiting = new Map();
let count = 0;
const hot = import.meta.hot;
if (hot) {
  hot.on(${JSON.stringify(IS_CURRENT)}, ({ question, current }) => {
    waiting.get(question)?.(current);
    waiting.delete(question);
  });
}
const realm = Math.random().toString(36).slice(2);
export function isCurrent(id, fingerprint) {
  if (!hot) return Promise.resolve(false);
  const question = realm + '-' + ++count;
  return new Promise((resolve) => {
    waiting.set(question, resolve);
    setTimeout(() => {
      waiting.delete(question);
      resolve(false);
    }, 2000);
    hot.send(${JSON.stringify(IS_CURRENT)}, { question, id, fingerprint });
  });
}
`;
