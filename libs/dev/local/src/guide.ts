import { join, relative } from 'node:path';
import type { Snapshot } from '@solvent-por/client';
import { shellWord } from '@solvent-por/shared/terminal';
import type { Demonstration } from './demonstration';
import type { LocalServices } from './local-services';

/** Says how far a snapshot is, whenever it is further. */
export function progressLines(say: (line: string) => void): (snapshot: Snapshot) => void {
  let last = '';
  return ({ state, progress }) => {
    const line =
      progress && state === 'PROVING'
        ? `  proved ${progress.batchesProved} of ${progress.batches} batches`
        : `  ${state.toLowerCase()}`;
    if (line !== last && state !== 'PUBLISHED') say(line);
    last = line;
  };
}

/**
 * What came of the demonstration, and what to try next: look-ups and verifications as users and auditors do
 * them.
 * @param directory where everything is kept
 */
export function guide({ url, operator }: LocalServices, shown: Demonstration, directory: string): string {
  const { snapshotId, accountKey, accountId, values, totals, verifyMilliseconds, reservesBlock, claimLink } =
    shown;
  const query = `{"query":"{ inclusionProof(snapshotId: \\"${snapshotId}\\", accountId: \\"${accountId}\\") { values { display symbol side } document } }"}`;
  const path = (...names: string[]) => shellWord(relative(process.cwd(), join(directory, ...names)) || '.');
  const [folder, mine, global] = [
    path('demo'),
    path('demo', 'mine.json'),
    path('demo', 'global-proof.ndjson'),
  ];
  return `
  what it owes: ${totals.join(', ')}
  one account:  ${values.join(', ')}: looked up, and verified in ${verifyMilliseconds.toFixed(0)} ms in pure JavaScript under the operator's key

Page      ${url}/  (try it with the account key ${accountKey})
GraphQL   ${url}/graphql
Files     ${url}/snapshots/${snapshotId}/manifest.json and global-proof.ndjson
${
  reservesBlock === undefined
    ? ''
    : `Reserves  on that page, and ${url}/snapshots/${snapshotId}/reserves.json: sample data, with keys that everybody knows and blocks of no chain\n`
}${claimLink === undefined ? '' : claimsGuide(claimLink, path('keys', 'partner-api-key'))}Operator  ${operator}; API key in ${path('keys', 'operator-api-key')}

A user looks up an account by its id in this snapshot, which is made from the account key; the key itself stays with the user:

  curl -s ${url}/graphql -H 'content-type: application/json' -d '${query}'

and verifies it at home, trusting nobody:

  export SOLVENT_ENDPOINT=${url}/graphql
  ./solvent fetch inclusion --snapshot ${snapshotId} --key ${accountKey} --output ${mine}
  ./solvent fetch global --snapshot ${snapshotId} --output ${folder}
  ./solvent verify-user --global ${path('demo', 'manifest.json')} --key ${accountKey} --operator ${operator} ${mine}

An auditor verifies all of it:

  ./solvent verify-global ${global} --operator ${operator}
${reservesBlock === undefined ? '' : reservesGuide(snapshotId, folder, operator, reservesBlock)}`;
}

function claimsGuide(link: string, keyFile: string): string {
  return `Claims    a partner asks a user by this link, good for ten minutes: ${link}
          (a development set-up, whose secret everybody can compute: for trying out); the partner's API key in ${keyFile}
`;
}

function reservesGuide(snapshotId: string, folder: string, operator: string, block: string): string {
  return `
and what is held against it (sample reserves, most of them claimed), with the hash of a block from elsewhere:

  ./solvent fetch reserves --snapshot ${snapshotId} --output ${folder}
  ./solvent verify-reserves ${folder} --manifest ${folder}/manifest.json --operator ${operator} --block eip155:1=${block}
`;
}
