/**
 * Words for a total, as spreadsheets, databases and people write them: a name that begins or ends with one is
 * a row of totals.
 */
const TOTALS = words(
  'total totals subtotal subtotals grandtotal totalsum sumtotal runningtotal overalltotal nettotal overall aggregate summary everybody everyone allusers allaccounts',
  'sumrow summe summen gesamt gesamtsumme gesamtbetrag insgesamt zwischensumme endsumme somme totaux soustotal totales totais totale totali totaal subtotaal',
  'sumatotal totalgeneral totalgénéral razem łącznie ogółem celkem součet súčet spolu összesen mindösszesen yhteensä summa totalt totalsumma toplam geneltoplam',
  'итого всего сумма итог разом усього всього підсумок σύνολο σύνολα άθροισμα jumlah tổngcộng المجموع مجموع الإجمالي إجمالي סהכ סךהכל कुल योग মোট',
);

/**
 * Words for a total that may as well be a name: they count where nothing stands beside them that means
 * something.
 */
const SHORT = words('sum sums all suma soma som ialt tot ttl σ tổng جمع 計 计');

/** What stands beside a total and says nothing of its own. */
const FILLERS = words(
  'grand net gross sub running the of in by for and per to user users account accounts customer customers client clients member members holder holders',
  'balance balances liability liabilities asset assets equity debt debts amount amounts value values row rows line lines column sheet page file report coin coins',
  'token tokens currency montant général general пользователей счета cộng số',
);

/** Languages that put no blanks between words: a name that begins or ends so. */
const UNSPACED =
  '合计 合計 总计 總計 总和 總和 总额 總額 汇总 匯總 小计 小計 総計 総額 합계 총계 총합 소계 누계 รวม ยอดรวม รวมทั้งหมด'.split(
    ' ',
  );

/** Where none of these stands, the rest need not be looked at. */
const ANY = new RegExp([...TOTALS, ...SHORT, ...UNSPACED].join('|'), 'u');

/**
 * Whether a plain identifier names a row of totals: counted as an account it would double what is owed. It
 * does where its first or its last word is a word for a total (whatever its case and what stands between its
 * letters), asset symbols, numbers, additions in brackets and words like "users" or "of" left out. An e-mail
 * address is an account, and so is what holds a code.
 *
 * @param symbols those of the configuration
 */
export function totalRows(symbols: readonly string[]): (identifier: string) => boolean {
  const assets = words(...symbols);
  // Sous-total, T.O.T.A.L and TOTALBTC are single words here.
  const isTotal = (word: string): boolean =>
    [TOTALS, SHORT].some((totals) =>
      [...totals].some(
        (total) =>
          word === total ||
          (word.startsWith(total) && assets.has(word.slice(total.length))) ||
          (word.endsWith(total) && assets.has(word.slice(0, -total.length))),
      ),
    ) || UNSPACED.some((total) => word.startsWith(total) || word.endsWith(total));
  return (identifier) => {
    const text = identifier.normalize('NFKC');
    if (!ANY.test(lettersOf(text.replaceAll('∑', 'σ'))) || /\S@\S/.test(text) || holdsCode(text))
      return false;
    const bare = text
      .replace(/\([^()]*\)|\[[^\][]*\]|\{[^{}]*\}/g, ' ')
      .replace(/[∑Σ](?!\p{Script=Greek})/gu, ' σ ');
    if (isTotal(lettersOf(bare))) return true;
    const telling = wordsOf(bare).filter((word) => !assets.has(word) && !FILLERS.has(word));
    const [first, last] = [telling[0], telling.at(-1)];
    if (first === undefined || last === undefined) return false;
    return TOTALS.has(first) || TOTALS.has(last) || telling.every((word) => SHORT.has(word));
  };
}

/** Whether letters and digits are mixed in a word as only codes mix them. */
function holdsCode(text: string): boolean {
  return (text.match(/[\p{L}\p{N}]{8,}/gu) ?? []).some(
    (word) => (word.match(/\p{L}(?=\p{N})|\p{N}(?=\p{L})/gu) ?? []).length >= 2,
  );
}

/** BTCTotal and totalBtc are two words each. */
function wordsOf(text: string): string[] {
  const apart = text.replace(/\p{Ll}(?=\p{Lu})|\p{Lu}(?=\p{Lu}\p{Ll})/gu, '$& ');
  return apart
    .split(/[^\p{L}\p{M}]+/u)
    .map(lettersOf)
    .filter((word) => word !== '');
}

/** In lower case, nothing but letters. */
function lettersOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{M}]/gu, '')
    .normalize('NFC');
}

function words(...lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.join(' ').split(' ').map(lettersOf));
}
