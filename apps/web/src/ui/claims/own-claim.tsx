import { useEffect, useRef, useState } from 'react';
import type { ClaimAsked } from '../../check/claim-request';
import { usePage } from '../page';
import { StateMark } from '../state-mark';
import type { ClaimAccount } from './claim-account';
import { ClaimFileChoice, type ClaimMaterial } from './claim-file-choice';
import { ClaimForm } from './claim-form';
import { ClaimLead } from './claim-lead';
import { ClaimMadeView } from './claim-made';
import { ClaimRunning } from './claim-running';
import { ClaimFailure } from './claim-failure';
import { ServerOption, useServerProves } from './server-option';
import { useClaim, useClaimsWorker } from './use-claim';

/** From the claim file to the claim. */
export function OwnClaim({
  account,
  asked,
}: {
  readonly account: ClaimAccount;
  readonly asked: ClaimAsked | undefined;
}) {
  const { t } = usePage();
  const calls = useClaimsWorker();
  const [material, setMaterial] = useState<ClaimMaterial>();
  const { run, start, stop } = useClaim(calls, account);
  const offered = useServerProves(account.published.id);
  const [byServer, setByServer] = useState(false);
  const outcome = useRef<HTMLDivElement>(null);
  // Whoever reads by ear, or has scrolled down a form, is taken to what came of it.
  useEffect(() => {
    if (run.state === 'made' || run.state === 'failed' || run.state === 'running') outcome.current?.focus();
  }, [run.state]);

  if (!material)
    return (
      <>
        <ClaimLead />
        <ClaimFileChoice calls={calls} account={account} onMaterial={setMaterial} />
      </>
    );
  const chosen = material.values;
  return (
    <>
      {run.state !== 'made' && (
        <>
          <ClaimLead />
          <p className="claim-genuine">
            <StateMark state="checked" word={false} /> {t('claim.file.checked')}
          </p>
        </>
      )}
      <div ref={outcome} tabIndex={-1} className="claim-outcome" data-claim={run.state}>
        {run.state === 'running' && (
          <ClaimRunning byServer={byServer} progress={run.progress} onCancel={() => stop('cancelled')} />
        )}
        {run.state === 'failed' && <ClaimFailure doing="making" problem={run.problem} />}
        {run.state === 'cancelled' && (
          <p className="note" role="status">
            {t(byServer ? 'claim.serverCancelled' : 'claim.cancelled')}
          </p>
        )}
        {run.state === 'made' && (
          <ClaimMadeView
            made={run.made}
            wanted={run.wanted}
            value={chosen[run.wanted.value]!}
            published={account.published}
            hasDebts={chosen.some(({ side }) => side === 'debt')}
            onAnother={() => stop('idle')}
          />
        )}
      </div>
      {/* What was typed is still there after a failure. */}
      <div hidden={run.state === 'running' || run.state === 'made'}>
        <ClaimForm
          values={chosen}
          asked={asked}
          byServer={byServer}
          option={offered && <ServerOption chosen={byServer} onChosen={setByServer} />}
          onWanted={(wanted) => start(material.file, wanted, byServer)}
        />
      </div>
    </>
  );
}
