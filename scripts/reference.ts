/**
 * Writes docs/reference/ from the docstrings: a page for each entry of the package, from what `npm run build` leaves in
 * reports/api/. The pages belong to the site, and are not kept.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const home = fileURLToPath(new URL('..', import.meta.url));

/** What api-extractor tells of one name. */
interface Item {
  readonly kind: string;
  readonly name?: string;
  readonly docComment?: string;
  readonly excerptTokens?: readonly { readonly text: string }[];
  readonly members?: readonly Item[];
}

/** Each page, its title, and the model that it is written from. */
const pages = [
  { page: 'keepsake', title: 'keepsake', model: 'index' },
  { page: 'codecs', title: 'keepsake/codecs', model: 'codecs-codecs' },
  { page: 'vite', title: 'keepsake/vite', model: 'plugin-vite' },
  { page: 'testing', title: 'keepsake/testing', model: 'testing' },
  { page: 'warm', title: 'keepsake/warm', model: 'warm' },
  { page: 'react', title: 'keepsake/react', model: 'react' },
  { page: 'vue', title: 'keepsake/vue', model: 'vue' },
  { page: 'svelte', title: 'keepsake/svelte', model: 'svelte' },
];

/** Outside of code, what a page would take for markup of its own. */
const markdown = (text: string): string =>
  text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : part.replaceAll('<', '&lt;').replaceAll('{', '&#123;')))
    .join('');

/** The text of a docstring: its tags as sentences. */
export function textOf(comment = ''): string {
  const text = comment
    .replace(/^\/\*\*|\*\/\s*$/g, '')
    .replace(/^\s*\* ?/gm, '')
    .replaceAll(/\{@link ([^}|]+)(?:\|([^}]+))?\}/g, (_, name: string, title?: string) => title ?? name)
    .replaceAll(/^@param (\w+)(?: -)? /gm, '\n- `$1`: ')
    .replaceAll(/^@throws\s+/gm, '\nThrows: ')
    .replaceAll(/^@returns\s+/gm, '\nReturns: ')
    // What api-extractor itself says of constructors, and its tags.
    .replaceAll(/^@remarks\s+The constructor for this class is marked as internal.*$/gm, '')
    .replaceAll(/^@(?:public|internal|packageDocumentation).*$/gm, '')
    .trim();
  return markdown(text);
}

/** As it is declared, without the words that only an exporting module needs. */
const signatureOf = ({ excerptTokens = [] }: Item): string =>
  excerptTokens
    .map(({ text }) => text)
    .join('')
    .replace(/^export (?:declare )?/, '')
    .trim();

function memberLines(item: Item): string[] {
  const text = textOf(item.docComment).replaceAll('\n', '\n  ');
  return [
    `- \`${signatureOf(item).replaceAll('\n', ' ').replaceAll(/\s+/g, ' ')}\``,
    ...(text ? [`  ${text}`] : []),
  ];
}

function section(item: Item, level: number): string[] {
  const { kind, name = '', members = [] } = item;
  const head = `${'#'.repeat(level)} ${name}`;
  if (kind === 'Namespace')
    return [head, '', textOf(item.docComment), '', ...members.flatMap((each) => section(each, level + 1))];
  return [
    head,
    '',
    textOf(item.docComment),
    '',
    '```ts',
    signatureOf(item),
    '```',
    '',
    ...members.flatMap(memberLines),
    '',
  ];
}

const order = ['Class', 'Function', 'Variable', 'Namespace', 'Interface', 'TypeAlias'];

export function pageOf(title: string, model: Item): string {
  const items = (model.members ?? []).flatMap(({ members = [] }) => members);
  const rank = ({ kind }: Item): number => order.indexOf(kind);
  const sorted = items.toSorted((a, b) => rank(a) - rank(b) || (a.name ?? '').localeCompare(b.name ?? ''));
  return [`# ${title}`, '', ...sorted.flatMap((item) => section(item, 2))]
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n');
}

if (import.meta.main) {
  mkdirSync(`${home}docs/reference`, { recursive: true });
  for (const { page, title, model } of pages) {
    const file = `${home}reports/api/${model}.api.json`;
    if (!existsSync(file)) throw new Error('Run "npm run build" first');
    const text = pageOf(title, JSON.parse(readFileSync(file, 'utf8')));
    writeFileSync(`${home}docs/reference/${page}.md`, text);
  }
  console.log(`${pages.length} pages of reference`);
}
