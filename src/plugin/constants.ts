/** A name that a bundler imports wherever code uses it undeclared. */
export interface ProvidedName {
  readonly source: string;
  /** The export; `*` is all of the module. */
  readonly name: string;
}

/** What a bundler's settings put in the place of undeclared names. */
export interface BundlerNames {
  /** Source text of replaced expressions. */
  readonly constants?: ReadonlyMap<string, string>;
  readonly provided?: ReadonlyMap<string, ProvidedName>;
  /** Constants whose value is made anew for each module. */
  readonly unreadable?: ReadonlySet<string>;
  /** Files whose exports are imported wherever their names are used undeclared. */
  readonly injected?: readonly string[];
}

interface MutableNames {
  readonly constants: Map<string, string>;
  readonly unreadable: Set<string>;
}

/** The part of Vite's resolved configuration that decides what constants are worth. */
interface ViteConstants {
  readonly env: Readonly<Record<string, unknown>>;
  readonly define?: Readonly<Record<string, unknown>> | undefined;
  readonly mode: string;
}

/** Source text of a replaced expression: a string is source text already. */
function sourceText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined');
}

/** `import.meta.env` and `define` of a Vite project. */
export function viteConstants({ env, define, mode }: ViteConstants): Map<string, string> {
  const constants = new Map<string, string>([
    ['process.env.NODE_ENV', JSON.stringify(process.env.NODE_ENV || mode)],
  ]);
  for (const [name, value] of Object.entries(env))
    constants.set(`import.meta.env.${name}`, JSON.stringify(value) ?? '');
  for (const [name, value] of Object.entries(define ?? {})) constants.set(name, sourceText(value));
  return constants;
}

/** All that a Vite project's settings put in the place of names. */
export function viteNames(config: ViteConstants & { readonly build?: object }): BundlerNames {
  return { constants: viteConstants(config), provided: new Map(injectOf(config.build ?? {})) };
}

/** `build.rolldownOptions.transform.inject`: names to a module, or to a module and its export. */
function injectOf(build: object): [string, ProvidedName][] {
  const options: unknown = 'rolldownOptions' in build ? build.rolldownOptions : undefined;
  const transform: unknown = isObject(options) && 'transform' in options ? options.transform : undefined;
  const inject: unknown = isObject(transform) && 'inject' in transform ? transform.inject : undefined;
  return Object.entries(isObject(inject) ? inject : {}).flatMap(([key, of]: [string, unknown]) => {
    const [source, member] = Array.isArray(of) ? of : [of, 'default'];
    return typeof source === 'string' ? [[key, { source, name: String(member) }]] : [];
  });
}

/** `define` of esbuild. */
export function defineConstants(define: Readonly<Record<string, string>> | undefined): Map<string, string> {
  return new Map(Object.entries(define ?? {}));
}

/** What the plugins of webpack or rspack put in the place of names. */
export function pluginNames(plugins: readonly unknown[], mode: string | undefined): BundlerNames {
  const constants = new Map<string, string>();
  const provided = new Map<string, ProvidedName>();
  const unreadable = new Set<string>();
  if (mode !== undefined) constants.set('process.env.NODE_ENV', JSON.stringify(mode));
  for (const plugin of plugins) {
    const definitions = definitionsOf(plugin);
    switch (kindOf(plugin)) {
      case 'EnvironmentPlugin':
        addEnvironment(constants, plugin);
        break;
      case 'ProvidePlugin':
        for (const [name, of] of Object.entries(definitions)) addProvided(provided, name, of);
        break;
      default:
        for (const [name, value] of Object.entries(definitions))
          addDefinition({ constants, unreadable }, name, value);
    }
  }
  return { constants, provided, unreadable };
}

function addDefinition(
  into: Pick<MutableNames, 'constants' | 'unreadable'>,
  name: string,
  value: unknown,
): void {
  if (isObject(value) && 'fn' in value && typeof value.fn === 'function') {
    into.unreadable.add(name); // DefinePlugin.runtimeValue(): a function that runs for each module
    into.constants.set(name, String(value.fn));
  } else if (!isObject(value) || value instanceof RegExp) {
    into.constants.set(
      name,
      typeof value === 'function' || isObject(value) ? String(value) : sourceText(value),
    );
  } else {
    for (const [key, inner] of Object.entries(value)) addDefinition(into, `${name}.${key}`, inner);
  }
}

function addEnvironment(constants: Map<string, string>, plugin: unknown): void {
  if (!isObject(plugin) || !('keys' in plugin) || !Array.isArray(plugin.keys)) return;
  const defaults = 'defaultValues' in plugin && isObject(plugin.defaultValues) ? plugin.defaultValues : {};
  const fallbacks = new Map<string, unknown>(Object.entries(defaults));
  for (const key of plugin.keys.map(String)) {
    const value = process.env[key] ?? fallbacks.get(key);
    constants.set(`process.env.${key}`, JSON.stringify(value) ?? 'undefined');
  }
}

/** `$: 'jquery'` is all of the module, `Buffer: ['buffer', 'Buffer']` an export of it. */
function addProvided(provided: Map<string, ProvidedName>, name: string, of: unknown): void {
  const [source, member] = Array.isArray(of) ? of : [of];
  if (typeof source !== 'string') return;
  provided.set(name, { source, name: typeof member === 'string' ? member : '*' });
}

function kindOf(plugin: unknown): string {
  if (!isObject(plugin)) return '';
  const name: unknown = 'name' in plugin ? plugin.name : undefined; // rspack's own plugins
  return typeof name === 'string' && name.endsWith('Plugin') ? name : plugin.constructor.name;
}

/** webpack keeps them in `definitions`, rspack as the first argument of its constructor. */
function definitionsOf(plugin: unknown): object {
  if (!isObject(plugin)) return {};
  if ('definitions' in plugin && isObject(plugin.definitions)) return plugin.definitions;
  const isRspack = /^(?:Define|Provide)Plugin$/.test(kindOf(plugin));
  const args: unknown = isRspack && '_args' in plugin ? plugin._args : [];
  const first: unknown = Array.isArray(args) ? args[0] : undefined;
  return isObject(first) ? first : {};
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
