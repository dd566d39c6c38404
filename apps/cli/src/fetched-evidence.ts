import type { AskedBalance, NodeConfiguration } from '@solvent-por/nodes';
import type { DraftedLine, FetchedProof, ReservesDraft } from '@solvent-por/reserves';
import type { Context } from './context';
import { openFor, orFail } from './reserve-nodes';

/** So many proofs are on their way at once. */
const TOGETHER = 1000;

interface Drafted {
  readonly draft: ReservesDraft;
  readonly lines: readonly DraftedLine[];
}

/**
 * A draft with headers and state proofs that nodes gave: of lines of EVM networks without a `balance`, but of
 * staked coins. What they are worth is found out when the publication is verified.
 *
 * @throws SolventError NODE_CONTRADICTS (kind invalid): a block is not the one to be stated; NODE_* (kind
 *   usage): a node gives no answer, or no proof
 */
export async function withFetchedEvidence(
  { draft, lines }: Drafted,
  configurations: readonly NodeConfiguration[],
  tokens: unknown,
  context: Context,
): Promise<Drafted & { readonly proofs: number }> {
  const { nodes, troubles } = openFor(configurations, { ...draft, holdings: [] }, { tokens });
  try {
    await nodes.confirmBlocks();
    orFail(troubles);
    const headers = await nodes.headers();
    orFail(troubles);
    const networks = draft.networks.map((block) => ({
      ...(Object.hasOwn(headers, block.network) && { header: headers[block.network]! }),
      ...block,
    }));
    const places = lines.flatMap((line, i) => (isProvable(line, headers) ? [i] : []));
    const changed = [...lines];
    const storage = new Map<string, FetchedProof & { readonly line: DraftedLine }>();
    const progress = context.progress('fetching proofs');
    let proofs = 0;
    for (let at = 0; at < places.length; at += TOGETHER) {
      const some = places.slice(at, at + TOGETHER);
      const given = await nodes.proofs(some.map((i) => askedOf(lines[i]!)));
      orFail(troubles);
      some.forEach((i, j) => {
        const proof = given[j];
        if (!proof) return;
        changed[i] = { ...lines[i], balance: proof.balance };
        if (proof.token) storage.set(keyOf(lines[i]!), { ...proof, line: lines[i]! });
        proofs++;
      });
      progress.update(at + some.length, places.length);
    }
    progress.stop();
    return { draft: { ...draft, networks, holdings: withStorage(draft, storage) }, lines: changed, proofs };
  } finally {
    await nodes.close();
  }
}

function isProvable(line: DraftedLine, headers: Readonly<Record<string, string>>): boolean {
  const { network, address, class: of, balance } = line;
  return (
    typeof network === 'string' &&
    network.startsWith('eip155:') &&
    Object.hasOwn(headers, network) &&
    typeof address === 'string' &&
    /^0x[0-9a-f]{40}$/.test(address) &&
    of !== 'staked' &&
    balance === undefined
  );
}

function askedOf({ network, token, address }: DraftedLine): AskedBalance {
  return {
    ...{ network: network as string, address: address as string },
    ...(typeof token === 'string' && { token }),
  };
}

function keyOf({ network, asset, token }: DraftedLine): string {
  return JSON.stringify([network, asset, token]);
}

/** Holdings of the configuration, and the account proofs of tokens that were fetched. */
function withStorage(
  { holdings = [] }: ReservesDraft,
  fetched: ReadonlyMap<string, FetchedProof & { readonly line: DraftedLine }>,
): NonNullable<ReservesDraft['holdings']> {
  const described = new Set(holdings.map((holding) => keyOf({ ...holding })));
  const storageOf = (key: string) => {
    const proof = fetched.get(key);
    return proof?.token ? { storage: proof.token.storage } : {};
  };
  return [
    ...holdings.map((holding) => ({ ...storageOf(keyOf({ ...holding })), ...holding })),
    ...[...fetched].flatMap(([key, { line }]) =>
      described.has(key)
        ? []
        : [
            {
              ...{ network: String(line.network), asset: String(line.asset), token: String(line.token) },
              ...storageOf(key),
            },
          ],
    ),
  ];
}
