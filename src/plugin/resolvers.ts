import { dirname } from 'node:path';
import type { Resolver } from './graph/analyser.ts';

type Resolve = (source: string, importer: string) => Promise<string | undefined>;

/** The parts of a transform hook's `this` that resolve imports; which of them exist depends on the bundler. */
interface HookContext {
  resolve?: (source: string, importer: string, options: { skipSelf: boolean }) => Promise<unknown>;
  environment?: {
    readonly name: string;
    readonly mode: string;
    readonly pluginContainer?: {
      resolveId(source: string, importer: string, options: { scan: boolean }): Promise<unknown>;
    };
  };
  getNativeBuildContext?: () => {
    readonly loaderContext?: { getResolve(options: { dependencyType: string }): unknown };
    readonly build?: {
      resolve(source: string, options: object): Promise<{ path: string; errors: readonly unknown[] }>;
    };
  };
}

/** Makes a resolver of whatever the bundler offers inside a transform. */
export function resolverOf(hookContext: object): Resolver {
  const context = hookContext as HookContext; // every part is optional and looked for before it is used
  const native = context.getNativeBuildContext?.();
  if (native?.loaderContext)
    return webpackResolver(native.loaderContext.getResolve({ dependencyType: 'esm' }));
  if (native?.build) return esbuildResolver(native.build);
  const { environment } = context;
  if (environment?.mode === 'dev' && environment.pluginContainer) {
    const container = environment.pluginContainer;
    // As in Vite's own dependency scan: real files instead of pre-bundled ones.
    return quiet(environment.name, async (source, importer) =>
      idOf(await container.resolveId(source, importer, { scan: true })),
    );
  }
  return quiet(environment?.name ?? 'build', async (source, importer) =>
    idOf(await context.resolve?.(source, importer, { skipSelf: true })),
  );
}

function idOf(resolved: unknown): string | undefined {
  const isResolved = typeof resolved === 'object' && resolved !== null && 'id' in resolved;
  return isResolved && typeof resolved.id === 'string' ? resolved.id : undefined;
}

/** A resolver that fails has not resolved; the bundler itself reports it where it matters. */
function quiet(key: string, resolve: Resolve): Resolver {
  return {
    key,
    resolve: async (source, importer) => {
      try {
        return await resolve(source, importer);
      } catch {
        return undefined;
      }
    },
  };
}

function webpackResolver(resolve: unknown): Resolver {
  return quiet('webpack', async (source, importer) => {
    if (typeof resolve !== 'function') return undefined;
    const path: unknown = await resolve(dirname(importer), source);
    return typeof path === 'string' ? path : undefined;
  });
}

function esbuildResolver(
  build: NonNullable<ReturnType<NonNullable<HookContext['getNativeBuildContext']>>['build']>,
): Resolver {
  return quiet('esbuild', async (source, importer) => {
    const found = await build.resolve(source, {
      resolveDir: dirname(importer),
      importer,
      kind: 'import-statement',
    });
    return found.errors.length > 0 ? undefined : found.path;
  });
}
