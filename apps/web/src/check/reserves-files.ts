/** The two files of a publication among those that somebody brought, by what they begin with. */
export interface ReservesFiles {
  readonly reserves?: Blob;
  readonly addresses?: Blob;
}

/** Both are in their JCS form, or are refused: the first member is always the same. */
export async function reservesFilesIn(
  files: readonly (Blob & { readonly name: string })[],
): Promise<ReservesFiles> {
  const found: { reserves?: Blob; addresses?: Blob } = {};
  for (const file of files) {
    const head = await file.slice(0, 64).text();
    if (/^[\ufeff\s]*\{\s*"addresses"/.test(head)) found.reserves = file;
    else if (/^[\ufeff\s]*\{\s*"address"/.test(head) || (file.size === 0 && file.name.endsWith('.ndjson')))
      found.addresses = file;
  }
  return found;
}
