import { useState } from 'react';
import type { AuditReport } from '@solvent-por/reserves';
import { withLiabilitiesProved } from '@solvent-por/reserves';
import { readServerSolvency } from '../../check/server-solvency';
import { reservesFilesIn } from '../../check/reserves-files';
import { Failure } from '../failure';
import { ChooseFiles, useDrop } from '../files';
import { usePage } from '../page';
import { StateMark } from '../state-mark';
import { useLoaded } from '../use-loaded';
import { AddressList } from './address-list';
import { BlocksForm } from './blocks-form';
import { ReservesProgressBar } from './reserves-progress';
import { ReservesReportView } from './reserves-report';
import { useFound } from './use-found';
import { useReserves } from './use-reserves';
import { verdictKey } from './words';

export interface ReservesSectionProps {
  /** The id by which the source has it, and the text of its manifest, which this page has verified. */
  readonly id: string;
  readonly manifest: string;
  readonly digest: string;
}

/** What an exchange holds against what it owes, verified in this browser. A chunk of its own. */
export default function ReservesSection({ id, manifest, digest }: ReservesSectionProps) {
  const { t, source } = usePage();
  const { run, start, cancel, find } = useReserves({ manifest, digest });
  const { reserves: found, liabilitiesProved } = useFound(digest);
  const [from, setFrom] = useState<'address' | { readonly reserves: Blob; readonly addresses: Blob }>();
  const [missing, setMissing] = useState<string>();
  // What was last read of the blocks stays, so that a hash which contradicts it can be mended.
  const [blocks, setBlocks] = useState<AuditReport['blocks']>();
  const report =
    found?.outcome === 'right' ? (liabilitiesProved ? withLiabilitiesProved(found) : found) : undefined;
  if (report && report.blocks !== blocks && run.state === 'done') setBlocks(report.blocks);

  const begin = (next: NonNullable<typeof from>, hashes: Readonly<Record<string, string>> = {}) => {
    setFrom(next);
    setMissing(undefined);
    start(next === 'address' ? { address: source.address(id) } : next, hashes);
  };
  const chosen = async (files: readonly File[]) => {
    const { reserves, addresses } = await reservesFilesIn(files);
    if (reserves && addresses) begin({ reserves, addresses });
    else if (reserves || addresses) setMissing(t('reserves.bothFiles'));
    else setMissing(t('error.text.file', { files: files.map(({ name }) => name).join(', ') }));
  };
  useDrop((files) => void chosen(files));

  const running = run.state === 'running';
  return (
    <section className="reserves" aria-labelledby="reserves" data-reserves={found?.outcome ?? run.state}>
      <h2 id="reserves">{t('reserves.title')}</h2>
      <div aria-live="polite" className="reserves-run">
        {running && <ReservesProgressBar run={run} onCancel={cancel} />}
        {run.state === 'none' && <p>{t('reserves.none')}</p>}
        {run.state === 'cancelled' && <p>{t('reserves.cancelled')}</p>}
        {run.state === 'failed' && <Failure problem={run.problem} level="h3" />}
        {missing !== undefined && <p className="wrong">{missing}</p>}
      </div>
      {!running && !found && <ServerWord id={id} />}
      {!running && found && found.outcome !== 'right' && (
        <div
          className={`headline headline-${found.outcome === 'wrong' ? 'false' : 'unreadable'}`}
          role="status"
          data-refused={found.code}
        >
          <StateMark state={found.outcome === 'wrong' ? 'false' : 'unreadable'} word={false} />
          <div>
            <h3>{t(`reserves.refused.${found.outcome}`)}</h3>
            <p className="break">{found.reason}</p>
            {found.line !== undefined && <p>{t('reserves.line', { line: found.line })}</p>}
            <p className="fine muted">{t('steps.code', { code: found.code })}</p>
          </div>
        </div>
      )}
      {!running && report && <ReservesReportView report={report} />}
      {!running && blocks && from && (
        <BlocksForm blocks={blocks} onHashes={(hashes) => begin(from, hashes)} />
      )}
      {!running && (
        <div className="no-print reserves-start">
          {!found && <p>{t('reserves.text')}</p>}
          <div className="buttons">
            <button
              type="button"
              className={found ? 'secondary' : 'primary'}
              onClick={() => begin('address')}
            >
              {t(found ? 'reserves.again' : 'reserves.verify')}
            </button>
            <ChooseFiles className="secondary" onFiles={(files) => void chosen(files)}>
              {t('reserves.verifyFiles')}
            </ChooseFiles>
          </div>
        </div>
      )}
      {run.state === 'done' && run.listed > 0 && report && <AddressList find={find} listed={run.listed} />}
    </section>
  );
}

/** What the server says of itself, until this browser has looked. */
function ServerWord({ id }: { readonly id: string }) {
  const { t, source } = usePage();
  const { kind, address } = source.config;
  const [told] = useLoaded(
    async (signal) => (kind === 'gateway' ? readServerSolvency(address, id, { signal }) : undefined),
    [kind, address, id],
  );
  if (told.state !== 'there' || told.value === undefined) return null;
  if (told.value === null) return <p data-server="none">{t('reserves.none')}</p>;
  return (
    <p className="server-word" data-server={told.value.verdict}>
      <StateMark state="server" /> {t('reserves.serverSays', { verdict: t(verdictKey(told.value)) })}
    </p>
  );
}
