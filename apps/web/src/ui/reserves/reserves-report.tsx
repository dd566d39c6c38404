import type { AuditReport, ReportAsset } from '@solvent-por/reserves';
import { decimal } from '../../check/decimal';
import { Amount } from '../amount';
import { download } from '../download';
import { Hex } from '../hex';
import { usePage } from '../page';
import { StateMark } from '../state-mark';
import { Bars } from './bars';
import { LEVEL_STATES, verdictKey, verdictState } from './words';

/** Liabilities against reserves, on the screen and on paper: the same model as the files have. */
export function ReservesReportView({ report }: { readonly report: AuditReport }) {
  const { t, time } = usePage();
  const state = verdictState(report, report.liabilities);
  const worst = report.assets.filter(({ verdict }) => verdict === report.verdict);
  return (
    <div className="reserves-report">
      <div
        className={`headline headline-${state}`}
        role="status"
        data-solvency={report.verdict}
        data-state={state}
      >
        <StateMark state={state} word={false} />
        <div>
          <h3>
            {t(verdictKey(report))}
            {state === 'false' && `: ${worst.map(({ symbol }) => symbol).join(', ')}`}
          </h3>
          <p>{t(OWED[report.liabilities])}</p>
          {report.prices && <p>{t(`reserves.prices.${report.prices}`)}</p>}
          {report.unit && (
            <p>
              {t('reserves.unit')} <Amount value={decimal(BigInt(report.unit.owed), report.unit.scale)} />{' '}
              {report.unit.symbol}
            </p>
          )}
          <p className="only-printed">
            {report.domain} · {report.snapshot} · {time(report.takenAt)} · {report.made.by}, {report.made.at}
          </p>
        </div>
      </div>
      <Bars report={report} />
      <AssetTable report={report} />
      <Checks report={report} />
      <Reasons report={report} />
      <Blocks report={report} />
      <Beside report={report} />
      <section className="not-shown">
        <h3>{t('reserves.notShown')}</h3>
        <ul>
          {report.notShown.map((one) => (
            <li key={one}>{t(`reserves.not.${one}`)}</li>
          ))}
        </ul>
      </section>
      <dl className="facts facts-plain">
        <dt>{t('fact.reserves')}</dt>
        <dd>
          <Hex value={report.digests.reserves} label={t('fact.reserves')} />
        </dd>
        <dt>{t('fact.addresses')}</dt>
        <dd>
          <Hex value={report.digests.addresses} label={t('fact.addresses')} />
        </dd>
      </dl>
      <div className="buttons no-print">
        <button
          type="button"
          className="secondary"
          onClick={() =>
            download(
              `${report.snapshot}-report.json`,
              `${JSON.stringify(report, undefined, 2)}\n`,
              'application/json',
            )
          }
        >
          {t('reserves.json')}
        </button>
      </div>
    </div>
  );
}

const OWED = {
  none: 'reserves.owed.none',
  'not given': 'reserves.owed.none',
  unproved: 'reserves.owed.unproved',
  proved: 'reserves.owed.proved',
} as const;

function AssetTable({ report }: { readonly report: AuditReport }) {
  const { t } = usePage();
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={t('reserves.table')}>
      <table className="list money">
        <thead>
          <tr>
            <th scope="col">{t('balance.asset')}</th>
            <th scope="col" className="right">
              {t('audit.equity')}
            </th>
            {(['proved', 'checked', 'claimed'] as const).map((level) => (
              <th key={level} scope="col" className="right">
                {t(`reserves.level.${level}`)}
              </th>
            ))}
            {(['own', 'staked', 'custodian'] as const).map((name) => (
              <th key={name} scope="col" className="right">
                {t(`reserves.class.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {report.assets.map((asset) => (
            <AssetRow key={asset.symbol} asset={asset} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function AssetRow({ asset }: { readonly asset: ReportAsset }) {
  const { t } = usePage();
  const { symbol, scale, owed, classes, attestedBy, named, layer2 } = asset;
  const cell = (units: string | undefined, of = scale) => (
    <td className="right">{units === undefined ? '–' : <Amount value={decimal(BigInt(units), of)} />}</td>
  );
  const notes = [
    ...(attestedBy === undefined ? [] : [t('reserves.attestedBy', { by: attestedBy })]),
    ...(named === '0' ? [] : [t('reserves.named', { amount: decimal(BigInt(named), scale) })]),
    ...(layer2 === '0' ? [] : [t('reserves.layer2', { amount: decimal(BigInt(layer2), scale) })]),
  ];
  return (
    <>
      <tr data-asset={symbol} data-verdict={asset.verdict}>
        <th scope="row">{symbol}</th>
        {cell(owed?.amount, owed?.scale)}
        {cell(asset.proved)}
        {cell(asset.checked)}
        {cell(asset.claimed)}
        {cell(classes?.own)}
        {cell(classes?.staked)}
        {cell(classes?.custodian)}
      </tr>
      {notes.length > 0 && (
        <tr className="asset-notes">
          <td colSpan={8} className="fine muted">
            {notes.join(' · ')}
          </td>
        </tr>
      )}
    </>
  );
}

function Checks({ report }: { readonly report: AuditReport }) {
  const { t } = usePage();
  const of = (done: boolean) => report.checks.filter((one) => one.done === done);
  return (
    <div className="two">
      {[true, false].map((done) => (
        <section key={String(done)}>
          <h3>
            <StateMark state={done ? 'checked' : 'open'} word={false} />{' '}
            {t(done ? 'reserves.verified' : 'reserves.notVerified')}
          </h3>
          <ul>
            {of(done).map(({ check }) => (
              <li key={check} data-check={check} data-done={done}>
                {t(`reserves.check.${check}.${done ? 'done' : 'open'}`)}
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function Reasons({ report: { reasons, lines, delegated } }: { readonly report: AuditReport }) {
  const { t, number } = usePage();
  const all = Object.entries(reasons) as [keyof typeof reasons, number][];
  return (
    <section>
      <h3>{t('reserves.reasons')}</h3>
      {all.length === 0 ? (
        <p>{t('reserves.noReasons', { n: lines })}</p>
      ) : (
        <ul className="reason-list">
          {all.map(([reason, of]) => (
            <li key={reason} data-reason={reason}>
              <StateMark state={LEVEL_STATES.claimed} word={false} />
              <span>
                <strong className="numbers">{t('reserves.lines', { n: of })}</strong>:{' '}
                {t(`reserves.reason.${reason}`)} <span className="fine muted">({reason})</span>
              </span>
            </li>
          ))}
        </ul>
      )}
      {delegated > 0 && <p>{t('reserves.delegated', { n: delegated })}</p>}
      <p className="fine muted numbers">{t('reserves.ofLines', { lines: number(lines) })}</p>
    </section>
  );
}

function Blocks({ report: { blocks, span } }: { readonly report: AuditReport }) {
  const { t, time } = usePage();
  return (
    <section>
      <h3>{t('reserves.blocks')}</h3>
      <div className="scroll" tabIndex={0} role="region" aria-label={t('reserves.blocks')}>
        <table className="list block-table">
          <thead>
            <tr>
              <th scope="col">{t('reserves.network')}</th>
              <th scope="col" className="right">
                {t('reserves.height')}
              </th>
              <th scope="col">{t('reserves.time')}</th>
              <th scope="col">{t('mine.state')}</th>
              <th scope="col">{t('reserves.hash')}</th>
            </tr>
          </thead>
          <tbody>
            {blocks.map((block) => (
              <tr key={block.network} data-block={block.network} data-confirmed={block.state}>
                <th scope="row">{block.network}</th>
                <td className="right">{block.height}</td>
                <td>{time(block.time)}</td>
                <td>
                  <span className="level-word">
                    <StateMark state={block.state === 'confirmed' ? 'checked' : 'open'} word={false} />{' '}
                    {t(`reserves.${block.state}`)}
                  </span>
                </td>
                <td>
                  <Hex
                    value={block.block}
                    label={t('reserves.hashOf', { network: block.network, height: block.height })}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="fine muted">{t('reserves.span', { n: span })}</p>
    </section>
  );
}

/** What somebody else says, and texts that may have been signed for another exchange. */
function Beside({ report: { attested, messages } }: { readonly report: AuditReport }) {
  const { t } = usePage();
  return (
    <>
      {attested.length > 0 && (
        <section>
          <h3>{t('reserves.attested')}</h3>
          <ul>
            {attested.map(({ symbol, scale, amount, by }) => (
              <li key={symbol}>
                <Amount value={decimal(BigInt(amount), scale)} /> {symbol}: {by}
              </li>
            ))}
          </ul>
        </section>
      )}
      {messages.length > 0 && (
        <section>
          <h3>{t('reserves.messages')}</h3>
          <ul>
            {messages.map((message) => (
              <li key={message} className="break">
                {message}
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
