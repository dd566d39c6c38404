import { useEffect, useId, useState } from 'react';
import { explorerLink, type AddressPage, type AddressQuery, type AddressRow } from '../../check/address-book';
import { Amount } from '../amount';
import { usePage } from '../page';
import { StateMark } from '../state-mark';
import { LEVEL_STATES } from './words';

/** Rows that stand on the page at once; the others are with the worker. */
const ROWS = 50;

/** The addresses, searched and shown a page at a time. */
export function AddressList({
  find,
  listed,
}: {
  readonly find: (query: AddressQuery) => Promise<AddressPage>;
  readonly listed: number;
}) {
  const { t, number } = usePage();
  const id = useId();
  const [search, setSearch] = useState('');
  const [offset, setOffset] = useState(0);
  const [page, setPage] = useState<AddressPage>();
  useEffect(() => {
    let current = true;
    void find({ search, offset, count: ROWS }).then(
      (next) => current && setPage(next),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [find, search, offset]);
  const last = page ? Math.min(offset + page.rows.length, page.matches) : 0;
  return (
    <section className="addresses no-print" aria-labelledby={`${id}h`}>
      <h3 id={`${id}h`}>{t('reserves.addresses')}</h3>
      <label htmlFor={id}>{t('reserves.search')}</label>
      <input
        id={id}
        type="search"
        value={search}
        maxLength={200}
        autoComplete="off"
        spellCheck={false}
        aria-describedby={`${id}n`}
        onInput={({ currentTarget: { value } }) => {
          setSearch(value);
          setOffset(0);
        }}
      />
      <p id={`${id}n`} role="status" className="fine muted numbers">
        {page &&
          t('reserves.shown', {
            n: page.matches,
            from: number(page.matches === 0 ? 0 : offset + 1),
            to: number(last),
          })}
        {page && page.of > page.kept && ` ${t('reserves.kept', { kept: number(page.kept), n: page.of })}`}
      </p>
      <div className="scroll" tabIndex={0} role="group" aria-label={t('reserves.addresses')}>
        <table className="list address-table" data-rows={page?.rows.length ?? 0}>
          <thead>
            <tr>
              <th scope="col">{t('reserves.address')}</th>
              <th scope="col">{t('reserves.level')}</th>
              <th scope="col" className="right">
                {t('balance.amount')}
              </th>
              <th scope="col">{t('balance.asset')}</th>
              <th scope="col">{t('reserves.class')}</th>
            </tr>
          </thead>
          <tbody>
            {page?.rows.map((row) => (
              <Row key={row.line} row={row} />
            ))}
          </tbody>
        </table>
      </div>
      {listed > ROWS && (
        <div className="buttons">
          <button
            type="button"
            className="secondary"
            disabled={offset === 0}
            onClick={() => setOffset(Math.max(0, offset - ROWS))}
          >
            {t('reserves.before')}
          </button>
          <button
            type="button"
            className="secondary"
            disabled={!page || last >= page.matches}
            onClick={() => setOffset(offset + ROWS)}
          >
            {t('reserves.next')}
          </button>
        </div>
      )}
    </section>
  );
}

function Row({ row }: { readonly row: AddressRow }) {
  const { t, config } = usePage();
  const { network, address, asset, token, amount, level, reason, line } = row;
  const link = explorerLink(config.explorers, row);
  return (
    <tr data-line={line} data-level={level} {...(reason && { 'data-reason': reason })}>
      <th scope="row">
        <code className="address">
          {link === undefined ? (
            address
          ) : (
            <a href={link} target="_blank" rel="noopener noreferrer">
              {address}
            </a>
          )}
        </code>
        <span className="fine muted">{network}</span>
      </th>
      <td className="level-cell">
        <span className={`level-word state-${LEVEL_STATES[level]}`}>
          <StateMark state={LEVEL_STATES[level]} word="none" /> {t(`reserves.level.${level}`)}
        </span>
        {reason && <span className="fine muted">{t(`reserves.reason.${reason}`)}</span>}
      </td>
      <td className="right">
        <Amount value={amount} />
      </td>
      <td>
        {asset}
        {token !== undefined && <code className="token fine muted">{token}</code>}
      </td>
      <td>{t(`reserves.class.${row.class}`)}</td>
    </tr>
  );
}
