import { expect, test } from 'vitest';
import { pageOf, textOf } from './reference.ts';

test('docstrings become text that a page does not take for markup', () => {
  expect(
    textOf(
      '/**\n * Gives a `Promise<T>` of {@link Memory}, or <nothing>.\n *\n * @throws\n *\n * RangeError\n */\n',
    ),
  ).toBe('Gives a `Promise<T>` of Memory, or &lt;nothing>.\n\n\nThrows: RangeError');
});

test('a page has classes first, each with its members', () => {
  const model = {
    kind: 'Package',
    members: [
      {
        kind: 'EntryPoint',
        members: [
          { kind: 'TypeAlias', name: 'Mode', excerptTokens: [{ text: "export type Mode = 'r';" }] },
          {
            kind: 'Class',
            name: 'Memory',
            docComment: '/**\n * Keeps.\n */\n',
            excerptTokens: [{ text: 'export declare class Memory' }],
            members: [
              {
                kind: 'Method',
                docComment: '/** All. */',
                excerptTokens: [{ text: 'clear(): ' }, { text: 'void;' }],
              },
            ],
          },
        ],
      },
    ],
  };
  const code = (text: string): string => `\`\`\`ts\n${text}\n\`\`\`\n\n`;
  expect(pageOf('keepsake', model)).toBe(
    `# keepsake\n\n## Memory\n\nKeeps.\n\n${code('class Memory')}- \`clear(): void;\`\n  All.\n\n## Mode\n\n${code("type Mode = 'r';")}`,
  );
});
