import { useId, useState } from 'react';
import type { Outcome } from '../check/run-check';
import type { ValueRow } from '../check/report';
import { evidence } from '../check/evidence';
import { Amount } from './amount';
import { download } from './download';
import { usePage } from './page';

type Reported = Extract<Outcome, { kind: 'report' }>;

/** The answer: what the exchange says it owes, before any of the evidence. */
export function Balances({
  outcome,
  level: Heading,
}: {
  readonly outcome: Reported;
  readonly level: 'h1' | 'h2';
}) {
  const { t, date } = usePage();
  const { report } = outcome;
  const lines = linesOf(report.values);
  const held = lines.filter(({ equity, debt }) => !isZero(equity) || !isZero(debt));
  const [left, rest] = [held.length === 0 ? 0 : lines.length - held.length, held.length === 0];
  const hasDebt = held.some(({ debt }) => !isZero(debt));
  const hasCounts = held.some(({ counts }) => counts !== undefined);
  return (
    <section className="balances" aria-labelledby="owes">
      <Heading id="owes" className="balances-title">
        {t(report.keyKnown ? 'balance.owes' : 'balance.file', { date: date(report.snapshot.takenAt) })}
      </Heading>
      {rest ? (
        <p className="large">{t('balance.nothing')}</p>
      ) : (
        <div className="scroll">
          <table className="money">
            <thead className={hasDebt || hasCounts ? '' : 'only-heard'}>
              <tr>
                <th scope="col">{t('balance.asset')}</th>
                <th scope="col" className="right">
                  {t('balance.owed')}
                </th>
                {hasCounts && (
                  <th scope="col" className="right">
                    {t('balance.counts')}
                  </th>
                )}
                {hasDebt && (
                  <th scope="col" className="right">
                    {t('balance.debt')}
                  </th>
                )}
              </tr>
            </thead>
            <tbody>
              {held.flatMap((line) => [
                <tr key={line.symbol}>
                  <th scope="row">{line.symbol}</th>
                  <td className="right">
                    <Amount value={line.equity} large />
                  </td>
                  {hasCounts && (
                    <td className="right">{line.counts !== undefined && <Amount value={line.counts} />}</td>
                  )}
                  {hasDebt && <td className="right">{!isZero(line.debt) && <Amount value={line.debt} />}</td>}
                </tr>,
                ...line.pools
                  .filter(({ amount }) => !isZero(amount))
                  .map(({ pool, amount, counts }) => (
                    <tr key={`${line.symbol} ${pool}`} className="pool">
                      <th scope="row">{t('balance.pool', { pool: pool ?? '' })}</th>
                      <td className="right">
                        <Amount value={amount} />
                      </td>
                      {hasCounts && (
                        <td className="right">{counts !== undefined && <Amount value={counts} />}</td>
                      )}
                      {hasDebt && <td />}
                    </tr>
                  )),
              ])}
            </tbody>
          </table>
        </div>
      )}
      {left > 0 && <p className="fine muted">{t('balance.more', { n: left })}</p>}
      <Question outcome={outcome} />
    </section>
  );
}

/** Only the user knows whether the amounts are right. */
function Question({ outcome }: { readonly outcome: Reported }) {
  const { t, time, name } = usePage();
  const [answer, setAnswer] = useState<'yes' | 'no'>();
  const [had, setHad] = useState('');
  const id = useId();
  const { report, documents } = outcome;
  return (
    <div className="question" role="group" aria-labelledby={id}>
      <p id={id} className="question-text">
        {t('balance.question')}
      </p>
      <div className="buttons">
        {(['yes', 'no'] as const).map((one) => (
          <button
            key={one}
            type="button"
            className="secondary"
            aria-pressed={answer === one}
            onClick={() => setAnswer(one)}
          >
            {t(`balance.${one}`)}
          </button>
        ))}
      </div>
      <div aria-live="polite">
        {answer === 'yes' && <p>{t('balance.good')}</p>}
        {answer === 'no' && (
          <>
            <p>{t('balance.differs', { time: time(report.snapshot.takenAt) })}</p>
            <label htmlFor={`${id}-had`}>{t('balance.had')}</label>
            <textarea
              id={`${id}-had`}
              rows={3}
              maxLength={2000}
              autoComplete="off"
              value={had}
              onChange={({ currentTarget }) => setHad(currentTarget.value)}
            />
            <button
              type="button"
              className="primary"
              onClick={() =>
                download(
                  `solvent-evidence-${report.snapshot.snapshot}.json`,
                  evidence(documents, { had, steps: report.steps, exchange: name, at: new Date() }),
                  'application/json',
                )
              }
            >
              {t('balance.hand')}
            </button>
          </>
        )}
      </div>
    </div>
  );
}

interface Line {
  readonly symbol: string;
  equity: string;
  debt: string;
  counts?: string;
  readonly pools: ValueRow[];
}

/** Asset by asset, in the order of the snapshot; what is held of none comes last. */
function linesOf(rows: readonly ValueRow[]): Line[] {
  const lines = new Map<string, Line>();
  for (const row of rows) {
    const line = lines.get(row.symbol) ?? { symbol: row.symbol, equity: '0', debt: '0', pools: [] };
    lines.set(row.symbol, line);
    if (row.side === 'pool') line.pools.push(row);
    else if (row.side === 'debt') line.debt = row.amount;
    else {
      line.equity = row.amount;
      if (row.counts !== undefined) line.counts = row.counts;
    }
  }
  return [...lines.values()];
}

function isZero(amount: string): boolean {
  return /^[0.]*$/.test(amount);
}
