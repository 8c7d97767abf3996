import type { SourceMap } from 'magic-string';
import type { FunctionFacts } from '../fingerprint/fingerprint.ts';
import type { AnalysedSite, ModuleAnalysis } from './graph/analyser.ts';
import type { ToldModule } from './graph/tell-module.ts';
import { defaultName, holder, registration, wrapper } from './inject-cells.ts';
import { MagicString } from './peers.ts';

export interface InjectOptions {
  /** Expression that asks the development server about a function, given its id and fingerprint. */
  readonly isCurrent?: (id: string, fingerprint: string) => string;
  /** Statement put in front of the module, such as the import that `isCurrent` needs. */
  readonly prelude?: string;
  /** Marks every function `partial`, where the bundler's updates cannot be trusted. */
  readonly isUntrusted?: boolean;
}

export interface InjectedSource {
  readonly code: string;
  readonly map: SourceMap;
}

/** Writes each function's facts behind the arguments of its call or decorator. */
export function injectFacts(
  source: string,
  { sites, told }: Pick<ModuleAnalysis, 'sites' | 'told'>,
  options: InjectOptions,
): InjectedSource {
  const output = new MagicString(source);
  for (const analysed of sites) {
    const { site } = analysed;
    const facts = factsLiteral(analysed, options);
    output.appendLeft(
      site.insertAt,
      site.form === 'decorator' ? `.meta(${facts})` : `${site.before}${facts}`,
    );
  }
  writeTold(output, told);
  // Behind everything: imports are hoisted, directives and line numbers stay where they are.
  if (options.prelude !== undefined) output.append(`\n${options.prelude}\n`);
  return { code: output.toString(), map: output.generateMap({ hires: 'boundary' }) };
}

/** The literal of one function's facts, as JavaScript. */
export function factsLiteral({ id, site, result, isPartial }: AnalysedSite, options: InjectOptions): string {
  const fields = [
    field('id', JSON.stringify(id)),
    field('fingerprint', JSON.stringify(result.fingerprint)),
    field('params', JSON.stringify(result.params)),
  ];
  const captured = [
    ...site.captures.filter((capture) => !capture.isShadowed).map((capture) => capture.name),
    ...site.capturedThis.map((name) => (name === '' ? '"this":this' : `"this.${name}":this.${name}`)),
  ];
  if (captured.length > 0) fields.push(field('captures', `()=>({${[...new Set(captured)].join(',')}})`));
  if (site.thisProps.length > 0) fields.push(field('thisProps', JSON.stringify(site.thisProps)));
  if (result.state.length > 0) fields.push(field('state', JSON.stringify(result.state)));
  if (result.call.usesThis) fields.push(field('usesThis', 'true'));
  if (result.call.countsArguments) fields.push(field('countsArguments', 'true'));
  if (isPartial || options.isUntrusted) fields.push(field('flags', '["partial"]'));
  if (options.isCurrent) fields.push(field('isCurrent', options.isCurrent(id, result.fingerprint)));
  return `{${fields.join(',')}}`;
}

/** One field of the contract that the page reads. */
function field(name: keyof FunctionFacts, value: string): string {
  return `"${name}":${value}`;
}

function writeTold(output: InstanceType<typeof MagicString>, told: ToldModule): void {
  for (const { code, text } of told.codes) {
    if (code.name !== undefined) continue;
    output.appendLeft(code.start, `${wrapper}(`);
    output.appendRight(code.end, `,${JSON.stringify(text)})`);
  }
  if (told.nameless?.nameAt !== undefined) output.appendLeft(told.nameless.nameAt, ` ${defaultName} `);
  else if (told.nameless) {
    output.appendLeft(told.nameless.start, `${holder}(${JSON.stringify(told.nameless.key)},`);
    output.appendRight(told.nameless.end, ')');
  }
  const statement = registration(told);
  if (statement !== undefined) output.append(`\n${statement}`);
}
