/** What the browser says this origin may take: a hint for a first limit, never a budget (Chromium ignores real room). */
export async function estimateQuotaBytes(): Promise<number | undefined> {
  try {
    return (await navigator.storage.estimate()).quota;
  } catch {
    return undefined; // there is no such thing here, or it is refused
  }
}
