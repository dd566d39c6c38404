/** What browsers with Trusted Types ask for in place of a worker's address. */
interface TrustedPolicies {
  createPolicy(
    name: string,
    rules: { readonly createScriptURL: (address: string) => string },
  ): { createScriptURL(address: string): string };
}

let policy: ReturnType<TrustedPolicies['createPolicy']> | undefined;

/**
 * The address of one of the page's own workers, as the browser asks for it. The page's policy allows one set of
 * rules, `solvent`, and these let nothing pass but the page's own origin and what it made itself.
 */
export function trustedScript(address: string): string {
  const url = new URL(address, self.location.href);
  if (url.protocol !== 'blob:' && url.origin !== self.location.origin)
    throw new Error('a worker must come from where the page comes from');
  const { trustedTypes } = self as { readonly trustedTypes?: TrustedPolicies };
  if (!trustedTypes) return url.href;
  policy ??= trustedTypes.createPolicy('solvent', { createScriptURL: (text) => text });
  return policy.createScriptURL(url.href);
}
