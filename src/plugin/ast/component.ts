/** Files whose scripts other plugins compile: what is declared in them belongs to an instance, not to a module. */
const component = /\.(?:vue|svelte|astro)$/;

/** Whether a file is a component with scripts inside of it. */
export function isComponent(file: string): boolean {
  return component.test(file);
}

/** The scripts of a component at their own places, with blanks for everything else. */
export function scriptsOf(source: string): string {
  const blank = (text: string): string => text.replace(/[^\n]/g, ' ');
  const script = /(<script\b[^>]*>)([\s\S]*?)(?=<\/script>)|(^---\n)([\s\S]*?)(?=\n---)/g;
  let text = '';
  let end = 0;
  for (const match of source.matchAll(script)) {
    const [whole, tag = '', code = '', fence = '', frontmatter = ''] = match;
    text += blank(source.slice(end, match.index) + tag + fence) + code + frontmatter;
    end = match.index + whole.length;
  }
  return text + blank(source.slice(end));
}
