/** Blob and File: content by reading, the rest at once. */

/** What a Blob says without being read. */
export interface BlobParts {
  readonly type: string;
  readonly sizeBytes: number;
  /** Only a File has one. */
  readonly file: { readonly name: string; readonly lastModified: number } | undefined;
}

/** Type, size, and the name of a File. */
export function blobParts(blob: Blob): BlobParts {
  // The two fields tell a File of any realm.
  const { name, lastModified } = blob as Partial<File>;
  const isFile = typeof name === 'string' && typeof lastModified === 'number';
  return { type: blob.type, sizeBytes: blob.size, file: isFile ? { name, lastModified } : undefined };
}
