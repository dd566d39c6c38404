/** Bits that only the user and the operator may know of a plain identifier (section 5). */
const NEEDED_BITS = 80;

/**
 * Why a plain identifier can be guessed, as far as that shows in it; undefined where it does not. Whoever guesses an identifier has the account's id, and the id
 * is what its balance is looked up by. What a long text really hides cannot be seen here: a name of 30 letters passes.
 *
 * @returns the end of a sentence that begins with "the identifier"; it quotes nothing of it
 */
export function weaknessOf(identifier: string): string | undefined {
  if (identifier !== withoutOuterBlanks(identifier))
    return 'begins or ends with blanks, which nobody types: the user would not find the account';
  const text = identifier.normalize('NFC');
  // A UUID, or a digest in hex, may happen to have no letter in it.
  if (!isRandomHex(text)) {
    if (/^\p{N}+$/u.test(text)) return 'is digits alone: whoever counts meets it';
    if (/^[\p{N}\s+().\-/]+$/u.test(text))
      return 'is a telephone number, a date or another number: whoever counts meets it';
    if (/^(?:mailto:)?[^\s@]+@(?:[\p{L}\p{N}-]+\.)+\p{L}{2,24}$/iu.test(text))
      return 'is an e-mail address alone: whoever knows the address, or has a list of them, has it';
    if (/^(?:\p{Lu}?\p{Ll}+|\p{Lu}+|\p{Lo}+)[\s_.:#/-]+\p{N}{3,20}$/u.test(text))
      return 'is a word and a number: whoever counts meets it';
  }
  return bitsOf(text) < NEEDED_BITS
    ? `is too short: it holds less than ${NEEDED_BITS} bits, so it can be found by trying`
    : undefined;
}

/** Rows that add up others, as spreadsheets, databases and people name them. */
const TOTALS = new Set(
  [
    'total totals sum sums grandtotal subtotal subtotals totalsum sumtotal runningtotal overall overalltotal nettotal all allusers allaccounts everybody aggregate',
    'totalusers totalaccounts totalbalance totalbalances totalliabilities totalassets totalequity totaldebt totalamount totalrow sumrow summary',
    'summe gesamt gesamtsumme insgesamt zwischensumme somme totalgeneral totalgénéral soustotal suma sumatotal totale totaalbedrag totaal soma',
    'итого всего сумма toplam geneltoplam łącznie razem celkem összesen yhteensä ialt totalt 合计 总计 總計 合計 小计 小計 总和 總和 总额 總額 汇总 総計 합계 총계 총합 tổng tổngcộng jumlah المجموع סהכ รวม कुल',
  ]
    .join(' ')
    .split(' '),
);

/** Whether an identifier names a row of totals: counted as an account it would double what is owed. */
export function isTotalRow(identifier: string): boolean {
  const word = identifier
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}]/gu, '');
  return TOTALS.has(word.normalize('NFC'));
}

/** Without white space, byte order marks and characters of no width around it. */
export function withoutOuterBlanks(text: string): string {
  return text.replace(/^[\s\u200b-\u200f\u2060\ufeff]+|[\s\u200b-\u200f\u2060\ufeff]+$/gu, '');
}

/** A UUID, or 32, 40 or 64 hex digits, of many different ones: a padded counter has few. */
function isRandomHex(text: string): boolean {
  return (
    /^(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/i.test(text) &&
    new Set(text).size > 6 &&
    !/^0{4}|(.)\1{7}/.test(text)
  );
}

/** At most so many bits: each character as one of its alphabet, runs of one character as a single one. */
function bitsOf(text: string): number {
  const core = text.replace(/^0{3,}/, '').replace(/(.)\1{5,}/gsu, '$1');
  const characters = [...core];
  if (new Set(characters).size < 5) return 0;
  const hex = /^[0-9a-f-]+$/.test(core) || /^[0-9A-F-]+$/.test(core);
  const alphabet = hex
    ? 16
    : (/[0-9]/.test(core) ? 10 : 0) +
      (/[a-z]/.test(core) ? 26 : 0) +
      (/[A-Z]/.test(core) ? 26 : 0) +
      (/[^0-9A-Za-z]/.test(core) ? 33 : 0);
  return characters.length * Math.log2(alphabet);
}
