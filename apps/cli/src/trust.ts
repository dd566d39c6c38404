import { readOperatorKey, type Manifest, type ManifestTrust } from '@solvent-por/verifier';
import { tidiedOption, type Given } from './arguments';
import { readManifest } from './files';

/** What a verifier brought along, as options of the verify commands. */
export interface TrustOptions {
  readonly operator?: string;
  readonly previous?: readonly string[];
  readonly formerOperator?: readonly string[];
}

/** What `--former-operator` is. */
export const FORMER_OPERATOR =
  'a key that the operator was known by before, as they say in public: the chain may follow manifests of it; may be given more than once';

/**
 * @throws SolventError OPERATOR_KEY_MALFORMED; FILE_UNREADABLE, MANIFEST_MALFORMED, … for the earlier
 *   manifests
 */
export async function readTrust({
  operator,
  previous = [],
  formerOperator = [],
}: TrustOptions): Promise<Given<ManifestTrust>> {
  const known: Manifest[] = [];
  for (const file of previous) known.push((await readManifest(file)).manifest);
  const key = operator === undefined ? undefined : readOperatorKey(operator);
  const former = formerOperator.map(readOperatorKey);
  return {
    value: {
      ...(key && { operator: key.bytes }),
      ...(known.length > 0 && { previous: known }),
      ...(former.length > 0 && { formerOperators: former.map(({ bytes }) => bytes) }),
    },
    tidied: [
      ...tidiedOption('--operator', key?.tidied ?? []),
      ...former.flatMap(({ tidied }) => tidiedOption('--former-operator', tidied)),
    ],
  };
}
