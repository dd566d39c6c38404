import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { equalBytes, SolventError } from '@solvent-por/kzg';
import { OUTPUT, PACK_INDEX } from '@solvent-por/prover';
import {
  finding,
  joinFindings,
  manifestDigest,
  verifyManifestTrust,
  type Manifest,
  type ManifestTrust,
} from '@solvent-por/verifier';
import {
  collect,
  defaultWorkers,
  givenAccountKey,
  sayTidied,
  withAccount,
  workersArgument,
  type AccountOptions,
} from '../arguments';
import type { Context, Outcome } from '../context';
import { EXIT, type ExitCode } from '../exit-code';
import { readManifest } from '../files';
import { sayFindings, type CliFindings } from '../findings';
import { printable } from '../format';
import { manifestDocument, sayManifest } from '../manifest-summary';
import { checkLines } from '../lines-pack';
import { checkPacks, doubled, isWhole, packLines, packsFindings, type PackFindings } from '../pack';
import { checkBundle } from '../sealed-pack';
import { FORMER_OPERATOR, readTrust } from '../trust';
import { globalDocument, verifyGlobalFile, type GlobalResult } from '../verify-global-file';
import { listFolder, USER_PROOFS } from '../verify-folder';
import { userFindings, verifyUserFiles, type UserResults } from '../verify-user-files';
import { examples, type Run } from './command';

interface VerifyArguments extends AccountOptions {
  readonly operator?: string;
  readonly previous?: readonly string[];
  readonly formerOperator?: readonly string[];
  readonly workers: number;
}

export function registerVerify(program: Command, run: Run): void {
  withAccount(
    program
      .command('verify')
      .summary('verify a folder: the global proof and the inclusion proofs in it')
      .description(
        `Verifies what lies in a folder: DIR/${OUTPUT.globalProof} (or ${OUTPUT.manifest} alone), then every inclusion proof, ` +
          `in DIR and DIR/${USER_PROOFS}, files of lines (.ndjson, .ndjson.gz) too; and where an index lies beside them (${PACK_INDEX}, FILE.index.json, that of a sealed bundle), that all which it names are there. Another JSON file, such as an earlier manifest, is named and not judged; one that is no JSON, or is named as a proof is, is judged as one. ` +
          'Exit codes are those of `solvent verify-user`; 1 also where a file that the index names is missing or changed.',
      )
      .argument('<DIR>', 'folder with the published files'),
  )
    .option('--operator <0x…>', 'the public key that the operator is known by')
    .option('--previous <manifest.json>', 'a manifest seen before; may be given more than once', collect)
    .option('--former-operator <0x…>', FORMER_OPERATOR, collect)
    .option('--workers <N>', 'worker threads', workersArgument, defaultWorkers())
    .addHelpText('after', examples('solvent verify november --operator 0x… --previous october/manifest.json'))
    .action((directory: string, options: VerifyArguments) =>
      run('verify', (context) => verify(directory, options, context)),
    );
}

async function verify(directory: string, options: VerifyArguments, context: Context): Promise<Outcome> {
  const { say, complain, style } = context;
  const { value: trust, tidied } = await readTrust(options);
  const { inclusions: userFiles, others, ...indexed } = await listFolder(directory);
  const { result, file } = await verifyPublished(directory, trust, options.workers, context);
  const global = globalDocument(file, result);
  if (result.manifest) sayManifest(result.manifest, context);
  const given = result.manifest && givenAccountKey(options, result.manifest.header);
  const noted = { ...sayTidied([...tidied, ...(given?.tidied ?? [])], context), others };
  say();
  if (!result.valid) {
    complain(
      `${style.paint('red', 'INVALID')}: ${result.verdict.reason} (${result.verdict.code}); no inclusion proof was looked at`,
    );
    return { exitCode: EXIT.invalid, document: { valid: false, ...noted, global, users: null } };
  }
  const users: UserResults =
    userFiles.length > 0
      ? await verifyUserFiles(userFiles, result.manifest, given?.value, context)
      : { files: [], exitCode: given ? EXIT.invalid : EXIT.valid };
  if (userFiles.length > 0) say();
  const packs = [
    ...(await checkPacks(indexed.packs, userFiles, result.manifest)),
    ...(await inTurn(indexed.lineIndexes, (index) => checkLines(index, users.files, result.manifest))),
    ...(await inTurn(indexed.bundles, (folder) => checkBundle(folder, result.manifest, context))),
  ];
  const findings: CliFindings = joinFindings(
    result.findings,
    userFiles.length > 0
      ? userFindings(users, result.manifest, given !== undefined)
      : finding.accountNotFound('any single account', 'there are no inclusion proofs in the folder'),
    packsFindings(packs, users.files.length),
  );
  sayFindings(findings, context);
  sayPacks(packs, context);
  const twice = doubled(users.files);
  for (const files of twice)
    say(
      `${style.warning} ${files.map(printable).join(' and ')} are proofs of one account: it stands in the snapshot once`,
    );
  for (const { file, what } of others)
    say(`${style.bullet} ${printable(file)}: ${printable(what)}; not judged`);
  say();
  const whole = packs.every(isWhole);
  const exitCode = users.exitCode === EXIT.valid && !whole ? EXIT.invalid : users.exitCode;
  const valid = exitCode === EXIT.valid;
  if (valid) say(`${style.paint('bold', 'VALID')}: all that was checked in ${printable(directory)} holds`);
  else complain(`${style.cross} ${refusal(users, packs)}`);
  return {
    exitCode,
    document: {
      valid,
      ...findings,
      ...noted,
      global,
      users: users.files,
      packs,
      doubled: twice,
      manifest: manifestDocument(result.manifest),
    },
  };
}

async function inTurn<From, To>(
  items: readonly From[],
  work: (item: From) => Promise<To>,
): Promise<readonly To[]> {
  const made: To[] = [];
  for (const item of items) made.push(await work(item));
  return made;
}

function refusal({ files, exitCode }: UserResults, packs: readonly PackFindings[]): string {
  if (exitCode !== EXIT.valid)
    return files.length > 0 ? notAllValid(exitCode) : 'there is no inclusion proof of the key given';
  return packs.some((pack) => pack.kind === 'sealed' && !isWhole(pack))
    ? 'the sealed bundle is not the one that was signed, or not all of it is there: copy it anew'
    : 'not every inclusion proof that an index names is there as it was written';
}

/** What is not as an index says. */
function sayPacks(packs: readonly PackFindings[], { say, complain, style }: Context): void {
  for (const pack of packs) {
    const [first, ...rest] = packLines(pack) as [string, ...string[]];
    // A whole one stands among what was checked.
    if (!isWhole(pack)) complain(`${style.cross} ${first}`);
    for (const line of rest) (isWhole(pack) ? say : complain)(`${style.bullet} ${line}`);
  }
}

/**
 * The global proof where there is one, and that manifest.json is its manifest; else manifest.json by itself.
 */
async function verifyPublished(
  directory: string,
  trust: ManifestTrust,
  workers: number,
  context: Context,
): Promise<{ result: GlobalResult; file: string }> {
  const [globalFile, manifestFile] = [join(directory, OUTPUT.globalProof), join(directory, OUTPUT.manifest)];
  const beside = existsSync(manifestFile) ? (await readManifest(manifestFile)).manifest : undefined;
  if (existsSync(globalFile)) {
    const result = await verifyGlobalFile(globalFile, trust, workers, context);
    const same =
      !result.valid ||
      !beside ||
      (equalBytes(manifestDigest(beside), manifestDigest(result.manifest)) &&
        beside.signature === result.manifest.signature);
    if (same) return { result, file: globalFile };
    const reason =
      `${OUTPUT.manifest} (of ${spoken(beside)}) is another manifest than the first line of ` +
      `${OUTPUT.globalProof} (of ${spoken(result.manifest)})`;
    return {
      result: {
        valid: false,
        verdict: { valid: false, code: 'MANIFEST_DIFFERS', reason },
        manifest: result.manifest,
      },
      file: globalFile,
    };
  }
  if (!beside)
    throw new SolventError(
      'NOTHING_TO_VERIFY',
      'usage',
      `${printable(directory)} holds neither ${OUTPUT.globalProof} nor ${OUTPUT.manifest}`,
    );
  const verdict = verifyManifestTrust(beside, { ...trust, now: new Date() });
  if (!verdict.valid) return { result: { valid: false, verdict, manifest: beside }, file: manifestFile };
  const findings = joinFindings(
    verdict,
    finding.totalsNotChecked(`there is no ${OUTPUT.globalProof} in the folder`),
  );
  return { result: { valid: true, manifest: beside, proofs: 0, findings }, file: manifestFile };
}

function notAllValid(exitCode: ExitCode): string {
  return exitCode === EXIT.unusable
    ? 'nothing is false, but a file cannot be read: download it again, or move it away where it is no proof'
    : 'not every inclusion proof is valid';
}

function spoken({ header }: Manifest): string {
  return `${header.snapshot}, ${header.takenAt}`;
}
