import { readFileSync } from 'node:fs';
import { build, createLogger, type Plugin, resolveConfig } from 'vite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readFingerprints, viteConfig } from '../scenarios/bundlers.ts';
import { DevServer } from '../scenarios/dev-server.ts';
import { Project } from '../scenarios/project.ts';
import { keepsake } from '../vite.ts';
import { IS_CURRENT } from './is-current-client.ts';

const main = '/src/main.ts';

describe('in development', () => {
  let project: Project;
  let dev: DevServer;

  beforeEach(() => {
    project = new Project();
  });
  afterEach(async () => {
    await dev.stop();
    project.remove();
  });

  /** Asks over the server's own channel, as the client half does in the page. */
  async function ask(id: string, fingerprint: string): Promise<unknown> {
    const { port, token } = { port: dev.server.config.server.port, token: dev.server.config.webSocketToken };
    const address = dev.server.httpServer?.address();
    const actualPort = typeof address === 'object' && address ? address.port : port;
    const socket = new WebSocket(`ws://127.0.0.1:${actualPort}/?token=${token}`, 'vite-hmr');
    try {
      return await new Promise((resolve, reject) => {
        socket.onerror = () => reject(new Error('The socket failed'));
        socket.onopen = () =>
          socket.send(
            JSON.stringify({ type: 'custom', event: IS_CURRENT, data: { question: 'q1', id, fingerprint } }),
          );
        socket.onmessage = ({ data }) => {
          const message = JSON.parse(String(data));
          if (message.event === IS_CURRENT && message.data.question === 'q1') resolve(message.data.current);
        };
      });
    } finally {
      socket.close();
    }
  }

  test('the server says whether a fingerprint is current, also when the watcher missed the change', {
    timeout: 30_000,
  }, async () => {
    dev = new DevServer(project, { server: { port: 0, host: '127.0.0.1', watch: null } });
    await dev.start();
    await dev.server.listen();
    const fingerprint = (await dev.fingerprints()).get('sim') ?? '';
    expect(await ask('src/main.ts#sim', fingerprint)).toBe(true);
    expect(await ask('src/main.ts#sim', 'another')).toBe(false);
    expect(await ask('src/main.ts#unknown', fingerprint)).toBe(false);
    project.write('src/offset.ts', 'export const OFFSET = 8;');
    expect(await ask('src/main.ts#sim', fingerprint)).toBe(false);
  });

  test('facts carry the question, and its client half is served', { timeout: 30_000 }, async () => {
    dev = new DevServer(project);
    await dev.start();
    const code = await dev.code(main);
    expect(code).toMatch(/"?isCurrent"?:\s*\(\)\s*=>\s*__keepsakeIsCurrent\("src\/main\.ts#sim", ?"/);
    const client = await dev.code('virtual:keepsake/is-current');
    expect(client).toContain('export function isCurrent');
    expect(client).toContain('import.meta.hot');
  });

  test('a hot update reaches modules with cached functions whose helper accepts itself', {
    timeout: 30_000,
  }, async () => {
    dev = new DevServer(project);
    await dev.start();
    project.write('src/worker.ts', `${project.read('src/worker.ts')}\nconsole.log('edited');\n`);
    await dev.fingerprints();
    const { client } = dev.server.environments;
    const hook = dev.server.config.plugins.find((each) => each.name === 'keepsake')?.hotUpdate;
    const handler = typeof hook === 'function' ? hook : hook?.handler;
    const options = {
      type: 'update' as const,
      file: project.path('src/worker.ts'),
      modules: [],
      timestamp: 1,
      read: () => '',
      server: dev.server,
    }; // the literal, not string
    // The hook reads nothing of its context but the environment.
    const modules = await handler?.call({ environment: client } as never, options);
    expect(modules?.map((each) => each.url)).toContain(main);
  });

  test('an entry does not import itself, so that an edit below it reloads the page', {
    timeout: 30_000,
  }, async () => {
    dev = new DevServer(project);
    await dev.start();
    await dev.fingerprints();
    const graph = dev.server.environments.client.moduleGraph;
    const entry = await graph.getModuleByUrl(main);
    expect(entry?.importedModules.size).toBeGreaterThan(0);
    expect([...(entry?.importers ?? [])]).toEqual([]);
  });

  test('with bundledDev every function is partial, and a warning says why', { timeout: 30_000 }, async () => {
    const warnings: string[] = [];
    const customLogger = { ...createLogger('silent'), warn: (text: string) => warnings.push(text) };
    dev = new DevServer(project, { experimental: { bundledDev: true }, customLogger });
    const plugin = [keepsake({ cacheDir: false })].flat().find((each) => each.name === 'keepsake');
    const hook = plugin?.configResolved;
    const handler = typeof hook === 'function' ? hook : hook?.handler;
    const config = {
      command: 'serve',
      isProduction: false,
      experimental: { bundledDev: true },
      logger: customLogger,
    };
    // Only the fields that the hook reads; a real bundled server compiles lazily and would not show the code.
    await handler?.call(
      {} as never,
      { ...config, root: project.root, env: {}, mode: 'development', define: {} } as never,
    );
    expect(warnings.join()).toContain('bundledDev');
    const transform = plugin?.transform;
    const run = typeof transform === 'object' ? transform.handler : transform;
    const context = { resolve: async () => null, addWatchFile: () => undefined, warn: () => undefined };
    const source =
      "import { Memory } from 'keepsake';\nconst memory = new Memory();\nexport const f = memory.cache((x) => x);\n";
    project.write('src/plain.js', source);
    const output = await run?.call(context as never, source, project.path('src/plain.js'));
    expect(JSON.stringify(output)).toContain('flags');
  });
});

describe('in a build', () => {
  let project: Project;

  beforeEach(() => {
    project = new Project();
  });
  afterEach(() => project.remove());

  const workerSource = `import { memory } from './memory';
const inWorker = memory.cache((x: number) => x * 7);
onmessage = (event) => postMessage(inWorker(event.data));
`;

  test('functions in workers get facts and are in the manifest', { timeout: 30_000 }, async () => {
    project.write('src/worker.ts', workerSource);
    await build(viteConfig(project));
    expect([...readFingerprints(project).keys()]).toContain('inWorker');
    const bundled = Object.values(readOutput(project)).find((code) =>
      code.includes('src/worker.ts#inWorker'),
    );
    expect(bundled).toBeDefined();
  });

  test('strict turns code that cannot be followed into an error with its frame', {
    timeout: 30_000,
  }, async () => {
    project.write('src/lazy.ts', 'export const late = async (x: string) => import(x);\n');
    const strict = {
      ...viteConfig(project),
      plugins: [keepsake({ strict: true, cacheDir: false })] as Plugin[],
    }; // the adapter's copy of the type
    await expect(build(strict)).rejects.toThrow(/FP003[\s\S]*src\/lazy\.ts:1:42[\s\S]*\^{9}/);
    await expect(build(viteConfig(project))).resolves.toBeDefined();
  });

  test('excludes the library from pre-bundling', { timeout: 30_000 }, async () => {
    const dev = new DevServer(project);
    await dev.start();
    expect(dev.server.config.optimizeDeps.exclude).toContain('keepsake');
    await dev.stop();
  });

  test('pre-bundles what the library imports, so that no page is reloaded for it', {
    timeout: 30_000,
  }, async () => {
    project.write(
      'node_modules/keepsake/package.json',
      JSON.stringify({ name: 'keepsake', dependencies: { idb: '8' } }),
    );
    const { optimizeDeps } = await resolveConfig(viteConfig(project), 'serve');
    expect(optimizeDeps.include).toEqual(['keepsake > idb']);
  });
});

function readOutput(project: Project): Record<string, string> {
  const html = readFileSync(project.path('dist/index.html'), 'utf8');
  const names = [...html.matchAll(/assets\/[\w-]+\.js/g)].map(([name]) => name);
  const files = names.map((name): [string, string] => [
    name,
    readFileSync(project.path(`dist/${name}`), 'utf8'),
  ]);
  const workers = files.flatMap(([, code]) =>
    [...code.matchAll(/assets\/worker-[\w-]+\.js/g)].map(([name]) => name),
  );
  return Object.fromEntries([
    ...files,
    ...workers.map((name): [string, string] => [name, readFileSync(project.path(`dist/${name}`), 'utf8')]),
  ]);
}
