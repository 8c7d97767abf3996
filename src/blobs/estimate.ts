/** What the browser says this origin may take: a hint for a first limit, never a budget (Chromium ignores real room). */
export async function estimateQuotaBytes(): Promise<number | undefined> {
  if (typeof navigator === 'undefined' || !navigator.storage?.estimate) return undefined;
  const { quota } = await navigator.storage.estimate().catch((): StorageEstimate => ({}));
  return quota;
}
