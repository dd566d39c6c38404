import { encodeClaimFile } from '@solvent-por/claims';
import { hexBytes, toHex } from '@solvent-por/kzg';
import { claimHeader, claimSnapshot, loadVectors, type ClaimVectorInput } from '@solvent-por/dev/proofs';
import { canonicalJson, manifestDigest } from '@solvent-por/verifier';
import { fetchProvingKeys, fetchVerifyingKey } from './claim-keys';
import { makeClaim, openClaimFile } from './make-claim';

/** What is refused before anything proves: no test here reaches the tools that do. */
const vector = loadVectors('claims').find(({ name }) => name === 'exactly-the-balance')!;
const keyText = (vector.input as ClaimVectorInput).key;
const snapshot = claimSnapshot(claimHeader(), 7, [{ digest: new Uint8Array(32).fill(9) }]);
const manifest = canonicalJson(snapshot.manifest);
const file = snapshot.claimFile(2);
const own = { manifest, file: encodeClaimFile(file), id: toHex(file.id) };
const fetched = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = fetched;
});

/** A host of these files. */
function serve(files: Readonly<Record<string, string>>): string[] {
  const asked: string[] = [];
  globalThis.fetch = (address) => {
    asked.push(String(address));
    const content = files[String(address).replace(/^.*\//, '')];
    return Promise.resolve(new Response(content ?? '', { status: content === undefined ? 404 : 200 }));
  };
  return asked;
}

test('a claim file gives what the account can show, exactly', () => {
  const values = openClaimFile(own);
  expect(values.map(({ units }) => units)).toEqual(file.values.map(String));
  expect(values[0]).toMatchObject({ side: 'equity', scale: expect.any(Number) as number });
});

test('a claim file that is not the account’s own, or not in the tree, is refused', () => {
  expect(() => openClaimFile({ ...own, id: toHex(snapshot.claimFile(1).id) })).toThrow(
    expect.objectContaining({ code: 'CLAIM_FILE_OTHER' }) as Error,
  );
  const richer = encodeClaimFile({ ...file, values: file.values.map((value) => value + 1n) });
  expect(() => openClaimFile({ ...own, file: richer })).toThrow(
    expect.objectContaining({ code: 'CLAIM_FILE_FOREIGN' }) as Error,
  );
  expect(() => openClaimFile({ ...own, expected: `0x${'11'.repeat(32)}` })).toThrow(
    expect.objectContaining({ code: 'OPERATOR_UNEXPECTED' }) as Error,
  );
});

test('more than the balance is refused before anything is fetched', async () => {
  const asked = serve({});
  const wanted = {
    ...{ value: 0, threshold: (file.values[0]! + 1n).toString(), partner: 'a', purpose: 'b' },
    challenge: `0x${'01'.repeat(31)}`,
  };
  const give = { ...own, wanted, address: 'https://host.example/claims/' };
  await expect(makeClaim(give, () => {})).rejects.toMatchObject({ code: 'CLAIM_BELOW' });
  expect(asked).toEqual([]);
});

describe('keys', () => {
  const address = 'https://host.example/claims/';

  test('a verifying key with another digest than the manifest names is refused', async () => {
    const asked = serve({ 'verifying-key.json': keyText });
    await expect(fetchVerifyingKey(snapshot.manifest, address)).rejects.toMatchObject({
      code: 'CLAIM_KEY_ALTERED',
    });
    expect(asked).toEqual([`${address}0x${'09'.repeat(32)}/verifying-key.json`]);
  });

  test('the one that it names is taken, and what proves is fetched beside it, with its progress', async () => {
    const digest = hexBytes(JSON.parse((vector.input as ClaimVectorInput).claim).key as string, 32);
    const { manifest: named } = { manifest: claimSnapshot(claimHeader(), 7, [{ digest }]).manifest };
    expect(toHex(manifestDigest(named))).not.toBe(toHex(manifestDigest(snapshot.manifest)));
    serve({ 'verifying-key.json': keyText, 'proving-key.zkey': 'zkey', 'circuit.wasm': 'wasm!' });
    const key = await fetchVerifyingKey(named, address);
    const seen: (number | undefined)[] = [];
    const keys = await fetchProvingKeys(key, address, ({ bytes }) => seen.push(bytes));
    expect([keys.zkey.length, keys.wasm.length, seen.at(-1)]).toEqual([4, 5, 9]);
  });

  test('a host that has none is told apart from one that changed them', async () => {
    serve({});
    await expect(fetchVerifyingKey(snapshot.manifest, address)).rejects.toMatchObject({ code: 'HTTP_404' });
  });
});
