import { defineConfig } from 'vitepress';

const page = (text: string, name: string) => ({ text, link: `/docs/${name}` });

/** The site is made of the same files that come with the package: README is its first page. */
export default defineConfig({
  title: 'Keepsake',
  description: "joblib's Memory for the browser",
  srcDir: '..',
  outDir: '.vitepress/dist',
  srcExclude: ['**/node_modules/**', '{src,bench,demo,e2e,etc,scripts,reports,dist,demo-dist}/**', '.ci/**'],
  rewrites: { 'README.md': 'index.md' },
  // The demo is built beside, into demo/ of the site.
  ignoreDeadLinks: [/^\.?\/?demo\/$/],
  // Where the site is served below another path, as project pages are.
  base: (process.env.DOCS_BASE ?? '/') as `/${string}`, // whoever deploys it says so
  themeConfig: {
    search: { provider: 'local' },
    nav: [
      page('Start', 'start'),
      page('Troubleshooting', 'troubleshooting'),
      page('Reference', 'reference/keepsake'),
      { text: 'Demo', link: '/demo/', target: '_self' },
    ],
    sidebar: [
      { text: 'Start', items: [{ text: 'What it is', link: '/' }, page('Start', 'start')] },
      {
        text: 'Guides',
        items: [
          page('The API at a glance', 'api'),
          page('Big arrays by slice', 'big-arrays'),
          page('What is in the key', 'what-is-in-the-key'),
          page('The build plugin', 'plugin'),
          page('Invalidation and releases', 'invalidation'),
          page('Several tabs', 'tabs'),
          page('Quota and eviction', 'quota'),
          page('Workers', 'workers'),
          page('Values of libraries', 'values'),
          page('Frameworks', 'frameworks'),
          page('Tools', 'tools'),
          page('Testing cached functions', 'testing'),
          page('The inspector', 'inspector'),
          page('Verification', 'verification'),
          page('Two migrations', 'migrations'),
          page('Sharing results', 'sharing'),
          page('Troubleshooting', 'troubleshooting'),
          page('Coming from joblib', 'joblib'),
        ],
      },
      {
        text: 'Reference',
        items: [
          page('keepsake', 'reference/keepsake'),
          page('keepsake/codecs', 'reference/codecs'),
          page('keepsake/vite and others', 'reference/vite'),
          page('keepsake/testing', 'reference/testing'),
          page('keepsake/warm', 'reference/warm'),
          page('keepsake/react', 'reference/react'),
          page('keepsake/vue', 'reference/vue'),
          page('keepsake/svelte', 'reference/svelte'),
        ],
      },
      {
        text: 'Explanation',
        items: [
          { text: 'Architecture and stored forms', link: '/ARCHITECTURE' },
          page('Limits', 'limits'),
          page('Performance', 'performance'),
          page('Engines', 'engines'),
          { text: 'Contributing', link: '/CONTRIBUTING' },
          { text: 'Changelog', link: '/CHANGELOG' },
        ],
      },
    ],
  },
});
