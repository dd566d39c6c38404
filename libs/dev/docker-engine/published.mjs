// What an outsider does with a published snapshot: fetches it through the gateway and lets the CLI judge it.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, works } from './shell.mjs';

const QUERY = `query ($snapshotId: String!, $accountId: String!) {
  inclusionProof(snapshotId: $snapshotId, accountId: $accountId) { document }
}`;

export function solvent(...args) {
  return run(process.execPath, ['bin/solvent.cjs', ...args]);
}

/**
 * The global proof verifies, its totals are the sums of the input, and accounts of every file are in it;
 * another account's key is refused.
 * @param {{ gateway: string, snapshot: string, operator: string, accounts: string, folder: string }} given
 *   base address, id, public key,
 *   folder of the balances, and one to work in
 */
export async function verified({ gateway, snapshot, operator, accounts, folder }) {
  const endpoint = `${gateway}/graphql`;
  const download = join(folder, 'global');
  solvent('fetch', 'global', '--snapshot', snapshot, '--endpoint', endpoint, '--output', download);
  const global = join(download, 'global-proof.ndjson');
  const { valid, manifest } = JSON.parse(solvent('verify-global', '--operator', operator, '--json', global));
  if (valid !== true) throw new Error('the global proof is not valid');
  const input = readdirSync(accounts).map((file) => JSON.parse(readFileSync(join(accounts, file), 'utf8')));
  compareTotals(sums(input.flat()), manifest.totals);

  mkdirSync(join(folder, 'proofs'));
  const published = readFileSync(join(download, 'manifest.json'), 'utf8');
  const keys = input.map((records) => records[0].id);
  const proofs = keys.map((_, i) => join(folder, 'proofs', `${i}.json`));
  for (const [i, key] of keys.entries()) {
    writeFileSync(proofs[i], await inclusion(endpoint, snapshot, accountId(published, key)));
    const trust = ['--global', global, '--operator', operator];
    solvent('verify-user', ...trust, '--key', key, proofs[i]);
    // It must be able to say no.
    const other = keys.find((one) => one !== key);
    if (works(process.execPath, ['bin/solvent.cjs', 'verify-user', ...trust, '--key', other, proofs[i]]))
      throw new Error('a proof is valid for another account too');
  }
  // The CLI's way gives the same bytes.
  const fetched = join(folder, 'fetched.json');
  solvent(
    ...['fetch', 'inclusion', '--snapshot', snapshot, '--key', keys[0]],
    ...['--endpoint', endpoint, '--output', fetched],
  );
  if (!readFileSync(fetched).equals(readFileSync(proofs[0])))
    throw new Error('`fetch inclusion` and the query give different bytes');
}

/**
 * What an account is looked up by in one snapshot: SHA-256("solvent/v1/id" ‖ SHA-256(header) ‖ key).
 * @param {string} manifest as it was published: in canonical form, so that its header's is what
 *   JSON.stringify gives
 * @param {string} key 64 hex digits
 */
function accountId(manifest, key) {
  const header = createHash('sha256')
    .update(JSON.stringify(JSON.parse(manifest).header))
    .digest();
  const bytes = Buffer.from(key, 'hex');
  return `0x${createHash('sha256').update('solvent/v1/id').update(header).update(bytes).digest('hex')}`;
}

/** @returns {Promise<string>} the proof's file, as the API hands it out */
async function inclusion(endpoint, snapshotId, accountId) {
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: QUERY, variables: { snapshotId, accountId } }),
    signal: AbortSignal.timeout(60_000),
  });
  const { data, errors } = await answer.json();
  if (!data?.inclusionProof) throw new Error(`the gateway answers ${JSON.stringify(errors)}`);
  return data.inclusionProof.document;
}

/** Of mode aggregate: what all hold and what all owe. */
function sums(records) {
  const totals = { equity: 0n, debt: 0n };
  for (const { assets } of records)
    for (const text of Object.values(assets)) {
      const amount = BigInt(text);
      if (amount < 0n) totals.debt -= amount;
      else totals.equity += amount;
    }
  return totals;
}

function compareTotals(expected, totals) {
  for (const [side, sum] of Object.entries(expected)) {
    const amount = totals.find((total) => total.side === side)?.amount;
    if (amount !== String(sum)) throw new Error(`${side}: ${amount} is published, ${sum} is owed`);
  }
}
