import { malformed, untrue } from '../failure';
import { verdictOf } from '../verify-ownership';
import { smallestUnits } from './amount';
import type { ImportedLine, ImportedRow, RowImporter } from './imported';
import { judgeOkx, okxDecimals, okxEvidence, okxHolding, type OkxRow } from './okx-row';

/** Columns of a form, by their place; an empty name is not read. */
type Columns = readonly (keyof OkxRow | 'amount' | '')[];

const PLAIN: Columns = [
  'coin',
  '',
  '',
  'address',
  'amount',
  'message',
  'signature1',
  'signature2',
  'key',
  'owner1',
  'owner2',
];
const STAKING: Columns = ['coin', 'type', ...PLAIN.slice(1)];
const OF_2025: Columns = [
  'asset',
  'coin',
  'address',
  'signature1',
  'signature2',
  'message',
  'key',
  'owner1',
  'owner2',
  '',
];
const NONE = new Set(['', 'null', '\\N']);
const MOST_CHARACTERS = 65_536;

/**
 * Reads OKX's CSV row by row: totals, an empty line, a header, addresses; or the form of 2025, which has no
 * amounts. No quoting: a field may hold `{…}` with commas.
 */
export class OkxImporter implements RowImporter {
  readonly messages: string[] = [];
  #columns: Columns | undefined;
  #row = 0;
  readonly #seen = new Set<string>();

  constructor(private readonly form: 'okx' | 'okx-2025') {}

  /** The next file: rows are counted anew, and each has a header of its own. */
  begin(): void {
    this.#row = 0;
    this.#columns = undefined;
  }

  row(text: string): ImportedRow | undefined {
    this.#row++;
    const line = text.replace(/\r$/, '').replace(/^\ufeff/, '');
    if (line.trim() === '') return undefined;
    const columns = headerColumns(line);
    if (columns) {
      this.#columns = columns;
      return undefined;
    }
    // Totals stand above the header.
    if (!this.#columns) return this.form === 'okx-2025' ? this.judged(line, OF_2025) : undefined;
    return this.judged(line, this.#columns);
  }

  finish(): void {
    if (!this.#columns)
      malformed(
        'FILE_MALFORMED',
        'there is no header of addresses in the file: it is another program’s, or of another form',
      );
  }

  private judged(text: string, columns: Columns): ImportedRow {
    const row = this.#row;
    const result = verdictOf(() => this.judge(text, columns));
    return { row, ...result };
  }

  private judge(text: string, columns: Columns): Omit<ImportedRow, 'row'> {
    if (text.length > MOST_CHARACTERS) malformed('ROW_MALFORMED', 'the row is too long');
    const { amount, ...row } = fieldsOf(text, columns);
    const evidence = okxEvidence(row);
    const address = evidence?.address ?? row.address;
    const key = JSON.stringify([row.coin, row.asset, address]);
    if (this.#seen.has(key)) untrue('ROW_TWICE', `${row.coin} of ${address} came before`);
    this.#seen.add(key);
    const units = amount === undefined ? undefined : smallestUnits(amount, okxDecimals(row, evidence));
    if (!evidence) return { verdict: 'unsupported' };
    const { verdict, ownership } = judgeOkx(evidence, row.message);
    if (verdict.verdict === 'wrong' || verdict.verdict === 'malformed') return verdict;
    const holding = okxHolding(row, evidence);
    if (!holding || units === undefined) return { verdict: verdict.verdict };
    const line: ImportedLine = {
      network: evidence.network,
      asset: holding.asset,
      ...(holding.token === undefined ? {} : { token: holding.token }),
      address,
      amount: units.toString(),
      class: evidence.staked ? 'staked' : 'own',
      ...(verdict.verdict === 'unsupported'
        ? {}
        : { ownership: { ...ownership, message: this.messageIndex(row.message) } }),
    };
    return { verdict: verdict.verdict, line, decimals: holding.decimals };
  }

  private messageIndex(message: string): number {
    const known = this.messages.indexOf(message);
    return known >= 0 ? known : this.messages.push(message) - 1;
  }
}

/** The columns of a header of addresses; undefined where the line is none. */
function headerColumns(line: string): Columns | undefined {
  const names = line.split(',').map((name) => name.trim().toLowerCase());
  if (names[0] === 'digitalasset') return OF_2025;
  if (names[0] !== 'coin' || !names.includes('address')) return undefined;
  return names[1] === 'type' ? STAKING : PLAIN;
}

function fieldsOf(text: string, columns: Columns): OkxRow & { readonly amount: string | undefined } {
  const fields = splitFields(text);
  if (fields.length > columns.length)
    malformed('ROW_MALFORMED', `the row has ${fields.length} fields, the header ${columns.length}`);
  const of = (name: Columns[number]) => {
    const at = columns.indexOf(name);
    const field = at < 0 ? '' : (fields[at]?.trim() ?? '');
    return NONE.has(field) ? '' : field;
  };
  const coin = of('coin');
  if (coin === '' || of('address') === '') malformed('ROW_MALFORMED', 'the row has no coin or no address');
  return {
    coin,
    type: of('type'),
    asset: of('asset') || coin,
    address: of('address'),
    message: of('message'),
    signature1: of('signature1'),
    signature2: of('signature2'),
    key: of('key'),
    owner1: of('owner1'),
    owner2: of('owner2'),
    amount: columns.includes('amount') ? of('amount') : undefined,
  };
}

/** At commas that stand outside of `{…}`. */
function splitFields(text: string): readonly string[] {
  const fields: string[] = [];
  let [start, depth] = [0, 0];
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '{') depth++;
    else if (character === '}') depth = Math.max(0, depth - 1);
    else if (character === ',' && depth === 0) {
      fields.push(text.slice(start, i));
      start = i + 1;
    }
  }
  fields.push(text.slice(start));
  return fields;
}
