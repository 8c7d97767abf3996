/** The page's only Trusted Types policy: scripts, and so workers, come from this origin; markup is never made from text. */

interface ScriptUrlPolicies {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): unknown;
}

function allowSameOrigin(url: string): string {
  if (new URL(url, location.href).origin === location.origin) return url;
  throw new TypeError(`Scripts from another origin are refused: ${url}`);
}

/** Installs the policy where the browser knows Trusted Types; call it before the first worker starts. */
export function installTrustedTypesPolicy(): void {
  // TypeScript's DOM library does not declare Trusted Types yet, and browsers may lack them.
  const { trustedTypes } = globalThis as { trustedTypes?: ScriptUrlPolicies };
  trustedTypes?.createPolicy('default', { createScriptURL: allowSameOrigin });
}
