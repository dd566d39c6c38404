import { asciiUpper } from '@solvent-por/kzg';
import { inputNames, type InputName, type SnapshotConfig } from '@solvent-por/snapshot';

/** Names of the configuration as columns are called, upper-cased, with what is read under each. */
export type KnownNames = ReadonlyMap<string, InputName>;

export function knownNames(config: SnapshotConfig): KnownNames {
  return new Map(inputNames(config).map((input) => [asciiUpper(input.name), input]));
}

/**
 * Whether `columns` reads both e_BASE and d_BASE as one token: then BASE, whatever it is listed as, is what
 * remains of the two and counted in them already.
 * @param present the names that stand in the input
 * @param token of BASE, where that is known
 */
export function isRenamedPair(
  base: string,
  known: KnownNames,
  present: { has(name: string): boolean },
  token?: number,
): boolean {
  if (!present.has(`E_${base}`) || !present.has(`D_${base}`)) return false;
  const [equity, debt] = [known.get(`E_${base}`), known.get(`D_${base}`)];
  return equity !== undefined && equity.token === debt?.token && equity.token === (token ?? equity.token);
}

/**
 * The names that `columns` reads as equity of the token that `input` is the own name of. Beside these it may
 * be the net of equity and debt, or a balance that comes on top of them: only the operator knows, who says so
 * with `columns` ({ "DOT": "DOT" } adds it) or `ignoreColumns`.
 */
export function equityBeside(
  input: InputName,
  known: KnownNames,
  present: { has(name: string): boolean },
): readonly string[] {
  if (input.side !== 'net' || input.renamed) return [];
  return [...known].flatMap(([folded, { name, token, side }]) =>
    token === input.token && side === 'equity' && present.has(folded) ? [name] : [],
  );
}

/** What is asked where that is so. */
export function netOrMore(name: string, symbol: string, equity: readonly string[], drop: string): string {
  const [own, given] = [JSON.stringify(name), equity.slice(0, 3).map((one) => JSON.stringify(one))];
  return (
    `${own} stands beside ${given.join(', ')}, which "columns" reads as equity of ${symbol}: added to that, equity would be counted twice where it is what remains of it. ` +
    `If it is the net of equity and debt, or gross equity once more, ${drop}; if it holds balances on top of that, "columns": { ${own}: "${symbol}" } adds it`
  );
}
