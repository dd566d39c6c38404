import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseInclusion } from '@solvent-por/verifier';
import { readManifest } from './files';
import { normaliseFile } from './normalise-file';
import { publish, type Published } from '../testing/published';
import { runCli, runJson, temporaryFolder } from '../testing/run-cli';

/** Files that an editor, a browser or a mail program saved in its own way. */

const root = temporaryFolder();
const folder = join(root, 'exchange', 'published');
const [manifest, globalProof] = [join(folder, 'manifest.json'), join(folder, 'global-proof.ndjson')];
let published: Published;
let proof: string;

beforeAll(async () => {
  published = await publish(join(root, 'exchange'));
  proof = [...published.proofs.values()][0]!.file;
});

const indent = (text: string, by: string | number = 2) => JSON.stringify(JSON.parse(text), null, by);
const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');

/** What programs do to one JSON document. */
const SAVED: readonly (readonly [string, (text: string) => string | Buffer])[] = [
  ['with a final line feed', (text) => `${text}\n`],
  ['with a byte order mark', (text) => `\ufeff${text}`],
  ['indented', (text) => indent(text)],
  ['indented with tabs, CRLF and a byte order mark', (text) => `\ufeff${indent(text, '\t').replaceAll('\n', '\r\n')}\r\n`],
  ['in UTF-16, as "Unicode"', (text) => utf16(text)],
  ['with members in another order', (text) => JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(text) as object).reverse()))],
  ['with needless escapes', (text) => text.replace('"0x', '"\\u0030x')],
]; // prettier-ignore

let next = 0;
function saved(text: string | Buffer, extension = 'json'): string {
  const path = join(root, `saved-${next++}.${extension}`);
  writeFileSync(path, text);
  return path;
}
const user = (file: string, global = manifest) => runJson(['verify-user', '--global', global, file]);
const normalise = (...args: string[]) => runJson(['normalise', ...args]);
const REFORMATTED = /re-formatted.*not byte for byte what the exchange published.*solvent normalise/;

const messageOf = async (work: () => unknown): Promise<string> => {
  try {
    await work();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it was accepted');
};

describe.each(SAVED)('%s', (_how, save) => {
  it('an inclusion proof is recognised, never called cut off, and restored', async () => {
    const text = readFileSync(proof, 'utf8');
    const file = saved(save(text));
    const reason = await messageOf(() => parseInclusion(readFileSync(file)));
    expect(reason).toMatch(REFORMATTED);
    expect(reason).not.toContain('cut off');
    expect(await normaliseFile(file)).toMatchObject({
      kind: 'inclusion',
      changed: true,
      sha256: `0x${createHash('sha256').update(text).digest('hex')}`,
      original: `${file}.orig`,
    });
    expect(readFileSync(file, 'utf8')).toBe(text);
    expect(readFileSync(`${file}.orig`)).toEqual(Buffer.from(save(text)));
  });

  it('a manifest is recognised, never called cut off, and restored', async () => {
    const text = readFileSync(manifest, 'utf8');
    const file = saved(save(text));
    const reason = await messageOf(() => readManifest(file));
    expect(reason).toMatch(REFORMATTED);
    expect(reason).not.toContain('cut off');
    const output = join(root, `restored-${next}.json`);
    expect(await normaliseFile(file, output)).toMatchObject({
      kind: 'manifest',
      signatureHolds: true,
      original: null,
    });
    expect(readFileSync(output, 'utf8')).toBe(text);
    expect(readFileSync(file)).toEqual(Buffer.from(save(text)));
  });
});

it('the commands say so, and take what was restored', async () => {
  const [mine, theirs] = [
    saved(`\ufeff${indent(readFileSync(proof, 'utf8'))}\r\n`),
    saved(indent(readFileSync(manifest, 'utf8'))),
  ];
  const before = await user(mine);
  expect(before.code).toBe(2);
  expect((before.document.files as [{ reason: string }])[0].reason).toMatch(REFORMATTED);
  for (const { code, document } of [
    await user(proof, theirs),
    await runJson(['inspect', theirs]),
    await runJson(['verify-global', theirs]),
  ]) {
    expect(code).toBe(2);
    expect(document.message).toMatch(REFORMATTED);
    expect(document.message).not.toContain('cut off');
  }
  for (const file of [mine, theirs]) expect((await normalise(file)).code).toBe(0);
  expect((await user(mine, theirs)).code).toBe(0);
});

describe('a global proof', () => {
  it.each<[string, (text: string) => string | Buffer]>([
    ['CRLF', (text) => text.replaceAll('\n', '\r\n')],
    ['a byte order mark', (text) => `\ufeff${text}`],
    ['no line feed at the end', (text) => text.trimEnd()],
    ['empty lines at the end', (text) => `${text}\n\n`],
    ['blanks at the ends of lines', (text) => text.replaceAll('\n', '  \n')],
    ['UTF-16', (text) => utf16(text)],
  ])('saved with %s is restored', async (_how, save) => {
    const text = readFileSync(globalProof, 'utf8');
    const file = saved(save(text), 'ndjson');
    expect(await normaliseFile(file)).toMatchObject({
      kind: 'global-proof',
      changed: true,
      signatureHolds: true,
    });
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it('with CRLF is called re-formatted, and without its last line feed perhaps so', async () => {
    const text = readFileSync(globalProof, 'utf8');
    const verify = async (changed: string) =>
      (await runJson(['verify-global', saved(changed, 'ndjson'), '--workers', '1'])).document.message;
    expect(await verify(text.replaceAll('\n', '\r\n'))).toMatch(REFORMATTED);
    expect(await verify(text.trimEnd())).toContain('solvent normalise');
  });

  const documents = (text: string) => text.trimEnd().split('\n');
  it.each<[string, (text: string) => string | Buffer]>([
    ['indented, as jq . writes it', (text) => documents(text).map((line) => `${indent(line)}\n`).join('')],
    ['indented with tabs, CRLF and a byte order mark', (text) => `\ufeff${documents(text).map((line) => indent(line, '\t')).join('\n\n').replaceAll('\n', '\r\n')}`],
    ['indented, in UTF-16', (text) => utf16(documents(text).map((line) => indent(line)).join('\n'))],
    ['in one line', (text) => documents(text).join(' ')],
    ['in one line without blanks', (text) => documents(text).join('')],
    ['with a blank line behind it', (text) => `${text}\n`],
    ['with a blank line before it', (text) => `\n${text}`],
    ['with a blank line within', (text) => text.replace('\n', '\n \n')],
  ])('%s is called re-formatted, never cut off, and restored', async (_how, save) => {
    const text = readFileSync(globalProof, 'utf8');
    const file = saved(save(text), 'ndjson');
    const { code, document } = await runJson(['verify-global', file, '--workers', '1']);
    expect(code).toBe(2);
    expect(document.message).toMatch(REFORMATTED);
    expect(document.message).not.toContain('cut off');
    expect(await normaliseFile(file)).toMatchObject({ kind: 'global-proof', signatureHolds: true });
    expect(readFileSync(file, 'utf8')).toBe(text);
  }); // prettier-ignore

  it.each<[string, string, (text: string) => string]>([
    ['cut to its first line', 'FILE_CUT_OFF', (text) => `${documents(text)[0]}\n`],
    ['cut to its first line, without its end', 'FILE_CUT_OFF', (text) => documents(text)[0]!],
    ['with a proof that stands twice', 'NORMALISE_REFUSED', (text) => `${text}${documents(text).at(-1)}\n`],
  ])('%s is not called whole by normalise', async (_how, code, change) => {
    const file = saved(change(readFileSync(globalProof, 'utf8')), 'ndjson');
    const before = readFileSync(file);
    expect(await normalise(file)).toMatchObject({ code: 2, document: { code } });
    expect(readFileSync(file)).toEqual(before);
  });

  it('cut to its first line under another name is said to be a manifest by itself', async () => {
    const { stdout } = await runCli([
      ...['normalise', saved(`${documents(readFileSync(globalProof, 'utf8'))[0]}\n`)],
    ]);
    expect(stdout).toContain('if this was a global proof, all its proofs are missing');
  });

  it('that is cut off stays so', async () => {
    const file = saved(readFileSync(globalProof).subarray(0, -100), 'ndjson');
    const before = readFileSync(file);
    await expect(normaliseFile(file)).rejects.toMatchObject({ code: 'FILE_UNKNOWN' });
    expect(readFileSync(file)).toEqual(before);
    expect(existsSync(`${file}.orig`) || existsSync(`${file}.normalising`)).toBe(false);
  });
});

describe('what is not ours', () => {
  it.each<[string, string, RegExp]>([
    ["another exchange's proof", indent('{"timestamp":"1","user_id":"a","merkle_path":["0x0"],"balances":{"BTC":"1"}}'), /JSON, but not ours/],
    ["another exchange's proof with a byte order mark", '\ufeff{"Proof":"AAAA","AssetsCommitments":[]}', /JSON, but not ours/],
    ['a web page', '<!DOCTYPE html>\n<html></html>', /web page/],
    ['a CSV', 'id,BTC\n1,2\n', /another kind of file/],
    ['nothing', '', /is empty/],
  ])('%s is called what it is, never cut off', async (_what, text, message) => {
    const file = saved(text);
    const messages = [
      await messageOf(() => parseInclusion(readFileSync(file))),
      await messageOf(() => readManifest(file)),
      (await runJson(['inspect', file])).document.message,
      await messageOf(() => normaliseFile(file)),
    ];
    for (const said of messages) {
      expect(said).toMatch(message);
      expect(said).not.toContain('cut off');
    }
    expect(readFileSync(file, 'utf8')).toBe(text);
  }); // prettier-ignore

  it.each<[string, () => string, RegExp]>([
    ["another exchange's proof", () => '{"round_num":"1","proof":{"a":1}}', /JSON, but not ours/],
    ["another exchange's proof in canonical form", () => '{"proof":{"a":1},"round_num":"1"}', /JSON, but not ours/],
    ["another exchange's proofs, indented", () => '{\n "a": 1\n}\n{\n "a": 2\n}', /JSON, but not ours/],
    ["another exchange's, longer than a line of ours", () => `{"leaves":["${'0'.repeat(600_000)}"]}\n{}\n`, /JSON, but not ours/],
    ['a manifest', () => readFileSync(manifest, 'utf8'), /a manifest by itself, without the proofs/],
    ['an inclusion proof', () => readFileSync(proof, 'utf8'), /this is an inclusion proof, not a global proof/],
  ])('%s given to verify-global is called what it is, never cut off', async (_what, text, message) => {
    const { code, document } = await runJson(['verify-global', saved(text()), '--workers', '1']);
    expect(code).toBe(2);
    expect(document.message).toMatch(message);
    expect(document.message).not.toMatch(/cut off|normalise/);
  }); // prettier-ignore

  it('a document of ours of another kind is called what it is', async () => {
    const swapped = await user(proof, proof);
    expect(swapped).toMatchObject({ code: 2, document: { code: 'MANIFEST_MALFORMED' } });
    expect(swapped.document.message).toContain('this is an inclusion proof, not a manifest');
    const { document } = await user(manifest);
    expect((document.files as [{ reason: string }])[0].reason).toContain(
      'this is a manifest, not an inclusion proof',
    );
  });

  it('what begins as ours and ends is cut off', async () => {
    const file = saved(readFileSync(proof).subarray(0, 700));
    expect(await messageOf(() => parseInclusion(readFileSync(file)))).toContain('cut off');
  });
});

describe('normalise', () => {
  it.each<[string, (text: string) => string]>([
    ['a member that stands twice', (text) => text.replace('"row":', '"row":1,"row":')],
    ['a number beyond 2^53', (text) => text.replace(/"row":\d+/, '"row":9007199254740993')],
    ['a number with a fraction', (text) => text.replace(/"row":\d+/, '"row":1.5')],
    ['a number with an exponent', (text) => text.replace(/"row":\d+/, '"row":1e3')],
  ])('refuses %s, for nobody can say what was published', async (_what, change) => {
    const text = change(readFileSync(proof, 'utf8'));
    const file = saved(text);
    await expect(normaliseFile(file)).rejects.toMatchObject({ code: 'NORMALISE_REFUSED', kind: 'malformed' });
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it.each<[string, (text: string) => string]>([
    ['a member that stands twice', (text) => text.replace('"row":', '"row":1,"row":')],
    ['a member more', (text) => text.replace(/\}$/, ',"note":"x"}')],
    ['a number beyond 2^53', (text) => text.replace(/"row":\d+/, '"row":9007199254740993')],
    ['a number with an exponent', (text) => text.replace(/"row":\d+/, '"row":1e0')],
    ['half a character', (text) => text.replace('"salt":"', '"salt":"\\ud800')],
  ])('is not advised for a file with %s, which it refuses', async (_what, change) => {
    const file = saved(change(readFileSync(proof, 'utf8')));
    const reason = await messageOf(() => parseInclusion(readFileSync(file)));
    expect(reason).toContain('was changed: ');
    expect(reason).not.toMatch(/re-formatted|solvent normalise/);
    await expect(normaliseFile(file)).rejects.toMatchObject({ kind: 'malformed' });
  });

  it('refuses what is wrong in more than its form', async () => {
    const file = saved(`${readFileSync(proof, 'utf8').replace('"salt":"0x', '"salt":"0X')}\n`);
    await expect(normaliseFile(file)).rejects.toMatchObject({ code: 'INCLUSION_MALFORMED' });
  });

  it('says that the signature does not hold where more than the form was changed', async () => {
    const file = saved(indent(readFileSync(manifest, 'utf8').replace(/("totals":\["\d*)\d"/, '$17"')));
    expect(await normalise(file)).toMatchObject({
      code: 1,
      document: { code: 'SIGNATURE_INVALID', signatureHolds: false },
    });
  });

  it('changes nothing where nothing is to be changed, says the digest, and never replaces another file', async () => {
    const copy = saved(readFileSync(proof));
    const { code, stdout } = await runCli(['normalise', copy]);
    expect(code).toBe(0);
    expect(stdout).toContain('nothing had to be changed');
    expect(stdout).toContain(createHash('sha256').update(readFileSync(proof)).digest('hex'));
    expect(existsSync(`${copy}.orig`)).toBe(false);
    const taken = saved('mine');
    expect(await normalise(copy, '--output', taken)).toMatchObject({
      code: 2,
      document: { code: 'OUTPUT_EXISTS' },
    });
    writeFileSync(`${copy}.orig`, 'mine');
    expect(await normalise(copy)).toMatchObject({ code: 2, document: { code: 'OUTPUT_EXISTS' } });
    expect(readFileSync(taken, 'utf8')).toBe('mine');
  });

  it('writes a balance for its owner alone', async () => {
    const file = saved(`${readFileSync(proof, 'utf8')}\n`);
    await normaliseFile(file);
    expect(statSync(file).mode & 0o077).toBe(0);
  });
});
