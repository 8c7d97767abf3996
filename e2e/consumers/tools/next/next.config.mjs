export default {
  output: 'export',
  distDir: process.env.BUNDLER ? '.next-webpack' : '.next',
  turbopack: { root: import.meta.dirname },
};
