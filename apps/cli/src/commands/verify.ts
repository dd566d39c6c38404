import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Option, type Command } from 'commander';
import { equalBytes, SolventError } from '@solvent/algebra';
import { OUTPUT } from '@solvent/proof/prove';
import {
  manifestDigest,
  verifyManifestTrust,
  type Manifest,
  type ManifestTrust,
} from '@solvent/proof/verify';
import { collect, defaultWorkers, givenAccountId, sayTidied, workersArgument } from '../arguments';
import type { Context, Outcome } from '../context';
import { EXIT, type ExitCode } from '../exit-code';
import { readManifest } from '../files';
import { findingsOf, joinFindings, sayFindings, type Findings } from '../findings';
import { printable } from '../format';
import { manifestDocument, sayManifest } from '../manifest-summary';
import { readTrust } from '../trust';
import { globalDocument, verifyGlobalFile, type GlobalResult } from '../verify-global-file';
import { listFolder, USER_PROOFS } from '../verify-folder';
import { userFindings, verifyUserFiles, type UserResults } from '../verify-user-files';
import { examples, type Run } from './command';

interface VerifyArguments {
  readonly id?: string;
  readonly identifier?: string;
  readonly operator?: string;
  readonly previous?: readonly string[];
  readonly workers: number;
}

export function registerVerify(program: Command, run: Run): void {
  program
    .command('verify')
    .summary('verify a folder: the global proof and the inclusion proofs in it')
    .description(
      `Verifies what lies in a folder: DIR/${OUTPUT.globalProof} (or ${OUTPUT.manifest} alone), then every inclusion proof, ` +
        `DIR/${USER_PROOFS}/*.json and DIR/*.json. Another JSON file, such as an earlier manifest, is named and not judged; one that is no JSON, or is named as a proof is, is judged as one. ` +
        'Exit codes are those of `solvent verify-user`.',
    )
    .argument('<DIR>', 'folder with the published files')
    .option('--id <0x…>', 'your account id: 64 hex digits')
    .addOption(new Option('--identifier <TEXT>', 'your plain identifier, hashed here').conflicts('id'))
    .option('--operator <0x…>', 'the public key that the operator is known by')
    .option('--previous <manifest.json>', 'a manifest seen before; may be given more than once', collect)
    .option('--workers <N>', 'worker threads', workersArgument, defaultWorkers())
    .addHelpText('after', examples('solvent verify november --operator 0x… --previous october/manifest.json'))
    .action((directory: string, options: VerifyArguments) =>
      run('verify', (context) => verify(directory, options, context)),
    );
}

async function verify(directory: string, options: VerifyArguments, context: Context): Promise<Outcome> {
  const { say, complain, style } = context;
  const { value: trust, tidied } = await readTrust(options);
  const { inclusions: userFiles, others } = await listFolder(directory);
  const { result, file } = await verifyPublished(directory, trust, options.workers, context);
  const global = globalDocument(file, result);
  if (result.manifest) sayManifest(result.manifest, context);
  const given = result.manifest && givenAccountId(options, result.manifest.header);
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
  const findings = joinFindings(
    result.findings,
    userFiles.length > 0 ? userFindings(users, given !== undefined) : noUserFiles(),
  );
  sayFindings(findings, context);
  for (const { file, what } of others)
    say(`${style.bullet} ${printable(file)}: ${printable(what)}; not judged`);
  say();
  const valid = users.exitCode === EXIT.valid;
  if (valid) say(`${style.paint('bold', 'VALID')}: all that was checked in ${printable(directory)} holds`);
  else
    complain(
      `${style.cross} ${userFiles.length > 0 ? notAllValid(users.exitCode) : 'there is no inclusion proof of the id given'}`,
    );
  return {
    exitCode: users.exitCode,
    document: {
      valid,
      ...findings,
      ...noted,
      global,
      users: users.files,
      manifest: manifestDocument(result.manifest),
    },
  };
}

/** The global proof where there is one, and that manifest.json is its manifest; else manifest.json by itself. */
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
  const notChecked = [
    `NOT checked that the manifest's totals hold for all accounts: there is no ${OUTPUT.globalProof} in the folder`,
  ];
  const findings = joinFindings(findingsOf(verdict.notes), { checked: [], notChecked });
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

function noUserFiles(): Findings {
  return {
    checked: [],
    notChecked: ['NOT checked: any single account, for there are no inclusion proofs in the folder'],
  };
}
