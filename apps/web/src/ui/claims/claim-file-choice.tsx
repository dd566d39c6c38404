import { useCallback, useEffect, useState } from 'react';
import { problemOf, type Problem } from '../../check/problem';
import type { Calls } from '../../worker/calls';
import type { ClaimableValue } from '../../worker/claims-protocol';
import { ChooseFiles, useDrop } from '../files';
import { usePage } from '../page';
import { Waiting } from '../waiting';
import { ClaimFailure } from './claim-failure';
import type { ClaimAccount } from './claim-account';

/** A claim file that was found to be the account's own and in the claim tree. */
export interface ClaimMaterial {
  readonly file: Uint8Array;
  readonly values: readonly ClaimableValue[];
}

/** Longest claim file (specification of claims, section 2), and one byte more: then it is too long. */
const MOST_BYTES = 65_537;

/**
 * Where the claim file comes from: the gateway, by id and access, which
 * are made from the key for this snapshot alone, or the user's own disk. Where
 * the page looks accounts up without asking for them, it doesn't ask here either, unless it is told to.
 */
export function ClaimFileChoice({
  calls,
  account: { published, id, access },
  onMaterial,
}: {
  readonly calls: Calls;
  readonly account: ClaimAccount;
  readonly onMaterial: (material: ClaimMaterial) => void;
}) {
  const { t, source, config } = usePage();
  const [opening, setOpening] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const asksGateway = source.config.kind === 'gateway';
  const open = useCallback(
    (read: () => Promise<Uint8Array>) => {
      setOpening(true);
      setProblem(undefined);
      const { manifest } = published;
      const expected = config.operator === undefined ? {} : { expected: config.operator };
      void read()
        .then(async (file) => {
          const values = await calls.ask('claimFile', { manifest, file, id, ...expected });
          onMaterial({ file, values });
        })
        .catch((error: unknown) => setProblem(problemOf(error)))
        .finally(() => setOpening(false));
    },
    [calls, published, id, config, onMaterial],
  );
  const fetchIt = useCallback(
    () =>
      open(async () => {
        const { document } = await source.client.claimFile({
          snapshotId: published.id,
          accountId: id,
          access,
        });
        return new TextEncoder().encode(document);
      }),
    [open, source, published, id, access],
  );
  const onFiles = ([file]: readonly File[]) =>
    file && open(async () => new Uint8Array(await file.slice(0, MOST_BYTES).arrayBuffer()));
  useEffect(() => {
    if (source.config.kind === 'gateway' && !source.config.sealed) fetchIt();
  }, [source, fetchIt]);
  const over = useDrop(onFiles);
  if (opening) return <Waiting text={t('claim.file.checking')} />;
  return (
    <section className="claim-part" aria-labelledby="claim-file">
      {problem && <ClaimFailure doing="opening" problem={problem} />}
      <h2 id="claim-file">{t('claim.file.title')}</h2>
      <p>{t('claim.file.need')}</p>
      <div className="buttons">
        <ChooseFiles className="primary" onFiles={onFiles}>
          {t('claim.file.choose')}
        </ChooseFiles>
        {asksGateway && (
          <button type="button" className="secondary" onClick={fetchIt}>
            {t('claim.file.fetch')}
          </button>
        )}
      </div>
      {asksGateway && <p className="fine muted">{t('claim.file.fetchSees')}</p>}
      {over && (
        <div className="drop" aria-hidden="true">
          <p>{t('claim.file.title')}</p>
        </div>
      )}
    </section>
  );
}
