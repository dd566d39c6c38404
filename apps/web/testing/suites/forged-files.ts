import { canonicalJson } from '@solvent-por/verifier';
import { falseTotals } from '../forgeries';
import { asFile, enter, stepStates } from '../browser';
import type { SharedPage } from './shared';

/** A proof file or a manifest that was changed, one for each step. */
export function forgedFileTests({ visit, proofOf, services, manifest, key }: SharedPage): void {
  let proof: Record<string, unknown> & { values: string[]; path: { hash: string; sum: string }[] };
  beforeAll(async () => {
    proof = JSON.parse(await proofOf(key())) as typeof proof;
  });
  const flipped = (hex: string) => `${hex.slice(0, -1)}${hex.endsWith('0') ? '1' : '0'}`;

  test.each<[string, string, () => { proof?: object; manifest?: string; key?: string }, string]>([
    ['row', "somebody else's key", () => ({ key: services().keys[1]! }), "somebody else's"],
    ['amounts', 'other amounts', () => ({ proof: { values: ['1', proof.values[1]!] } }), 'were changed'],
    ['batch', 'another salt', () => ({ proof: { salt: `0x${'00'.repeat(32)}` } }), 'another root'],
    [
      'batch',
      'another sibling',
      () => ({ proof: { path: proof.path.map((node) => ({ ...node, hash: flipped(node.hash) })) } }),
      'another root',
    ],
    [
      'totals',
      "other totals, under the operator's own signature",
      () => {
        const { manifest: lie, digest } = falseTotals(manifest(), services().signing);
        return { manifest: lie, proof: { manifest: digest } };
      },
      'not what the root opens to',
    ],
    [
      'signature',
      'another signature',
      () => {
        const parsed = JSON.parse(manifest()) as { signature: string };
        return { manifest: canonicalJson({ ...parsed, signature: flipped(parsed.signature) }) };
      },
      'not by key',
    ],
  ])('%s: %s', async (step, _what, change, sentence) => {
    const changed = change();
    const { page } = await visit();
    await page.setInputFiles('input[type=file]', [
      asFile('proof.json', canonicalJson({ ...proof, ...changed.proof })),
      asFile('manifest.json', changed.manifest ?? manifest()),
    ]);
    await page.waitForSelector('[data-headline]');
    await enter(page, changed.key ?? key());
    await page.waitForSelector(`[data-step=${step}][data-state=false]`);
    expect(await page.textContent(`[data-step=${step}]`)).toContain(sentence);
    expect(await page.getAttribute('[data-headline]', 'data-headline')).toBe('false');
    expect(await page.textContent('h1')).toBe('This proof does not hold. Keep it.');
    const states = Object.values(await stepStates(page));
    expect(states.filter((state) => state === 'false')).toHaveLength(1);
  });
}
