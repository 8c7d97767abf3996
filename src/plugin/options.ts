import type { PackageMode } from './graph/classify.ts';
import type { DiagnosticCode } from './report/diagnostic-code.ts';
import type { WarmOptions } from './warm/warm-options.ts';

/** Options of the build plugin. All are optional; none is needed in an ordinary project. */
export interface PluginOptions {
  /** Folder that ids are relative to. Default: the bundler's root. */
  readonly root?: string;
  /** Makes code that cannot be followed a build error. Default false: the function is marked `partial`. */
  readonly strict?: boolean;
  /** Diagnostics that are not reported. */
  readonly ignore?: readonly DiagnosticCode[];
  /** Whether installed packages count by version or by the code that is reached in them. Default 'version'. */
  readonly packages?: PackageMode | Readonly<Record<string, PackageMode>>;
  /** Source text of constants that another tool replaces: `{ __SCALE__: '2' }`. The bundler's own are known. */
  readonly define?: Readonly<Record<string, string>>;
  /** Enters every fingerprint; change it when a compile step changes what the code means. */
  readonly salt?: string;
  /** Name of the manifest in the output, or false for none. Default 'memo-manifest.json'. */
  readonly manifest?: string | false;
  /** Folder of the disk cache, or false for none. Default `node_modules/.cache/keepsake`. */
  readonly cacheDir?: string | false;
}

/** Options of the plugin for Vite. */
export interface ViteOptions extends PluginOptions {
  /**
   * Calls that are made in a browser after `vite build`, so that a pack of their results is beside the app: the module
   * that exports them, or more.
   */
  readonly warm?: string | WarmOptions;
}

/** The package mode that options give to a package. */
export function packageModeOf(options: PluginOptions): (name: string) => PackageMode {
  const { packages } = options;
  if (packages === undefined || typeof packages === 'string') return () => packages ?? 'version';
  return (name) => packages[name] ?? 'version';
}
