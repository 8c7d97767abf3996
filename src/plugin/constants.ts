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

/** `define` of esbuild. */
export function defineConstants(define: Readonly<Record<string, string>> | undefined): Map<string, string> {
  return new Map(Object.entries(define ?? {}));
}

/** The constants of every DefinePlugin among webpack's or rspack's plugins. */
export function definePluginConstants(
  plugins: readonly unknown[],
  mode: string | undefined,
): Map<string, string> {
  const constants = new Map<string, string>();
  if (mode !== undefined) constants.set('process.env.NODE_ENV', JSON.stringify(mode));
  for (const plugin of plugins) {
    for (const [name, value] of Object.entries(definitionsOf(plugin))) addDefinition(constants, name, value);
  }
  return constants;
}

function addDefinition(constants: Map<string, string>, name: string, value: unknown): void {
  if (typeof value !== 'object' || value === null) {
    constants.set(name, sourceText(value));
    return;
  }
  for (const [key, inner] of Object.entries(value)) addDefinition(constants, `${name}.${key}`, inner);
}

/** webpack keeps them in `definitions`, rspack as the first argument of its constructor. */
function definitionsOf(plugin: unknown): object {
  if (typeof plugin !== 'object' || plugin === null) return {};
  if ('definitions' in plugin && isObject(plugin.definitions)) return plugin.definitions;
  const isRspack =
    'name' in plugin && plugin.name === 'DefinePlugin' && '_args' in plugin && Array.isArray(plugin._args);
  const first: unknown = isRspack && Array.isArray(plugin._args) ? plugin._args[0] : undefined;
  return isObject(first) ? first : {};
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
