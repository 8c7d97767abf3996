/** Packs: results in one file, written, imported, and read from a server. The room's door. */
export { type ImportOptions, type ImportProgress, type ImportReport, importPack } from './import-pack.ts';
export { PackTier } from './pack-tier.ts';
export { type PackOrigin, sourceOf } from './source-of.ts';
export { type ExportQuery, writePack } from './write-pack.ts';
