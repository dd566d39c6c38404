import { basename, dirname } from 'node:path';
import type { Command } from 'commander';
import { SolventError } from '@solvent-por/kzg';
import { OUTPUT } from '@solvent-por/prover';
import { finding, joinFindings, verifyManifestTrust } from '@solvent-por/verifier';
import { collect, givenAccountKey, sayTidied, withAccount, type AccountOptions } from '../arguments';
import { manifestBeside, type FoundManifest } from '../beside';
import type { Context, Outcome } from '../context';
import { EXIT } from '../exit-code';
import { readManifest, type ReadManifest } from '../files';
import { sayFindings, type CliFindings } from '../findings';
import { printable } from '../format';
import { expandFiles } from '../glob';
import { manifestDocument } from '../manifest-summary';
import { FORMER_OPERATOR, readTrust } from '../trust';
import { refuseIncomplete, verifyBundle } from '../verify-bundle';
import { userFindings, verifyUserFiles } from '../verify-user-files';
import { examples, type Run } from './command';

interface VerifyUserArguments extends AccountOptions {
  readonly global?: string;
  readonly bundle?: string;
  readonly operator?: string;
  readonly previous?: readonly string[];
  readonly formerOperator?: readonly string[];
}

export function registerVerifyUser(program: Command, run: Run): void {
  withAccount(
    program
      .command('verify-user')
      .summary('verify inclusion proofs: that an account is in a snapshot, with its balance')
      .description(
        'Verifies one or many inclusion proofs against their snapshot’s manifest, whose signature is checked too. Without your own key, the file’s id ' +
          'is used: anybody’s file would pass. With it, a valid file of another account is named and is neither good nor bad, as long as one is yours. ' +
          'Exit code 1 only where a file is false or none is yours; else 2 where one cannot be read. That the manifest’s totals hold for all accounts is what `solvent verify-global` checks.',
      )
      .argument('[FILES...]', 'inclusion proofs; patterns such as "user_proofs/**/*.json" may be quoted')
      .option(
        '--bundle <DIR|URL>',
        'in place of files: look your account up in a sealed bundle, a folder or a file host’s address; needs --global and --key',
      )
      .option(
        '--global <manifest.json>',
        'the manifest (or global-proof.ndjson, of which the first line is read); else manifest.json beside the proofs',
      ),
  )
    .option('--operator <0x…>', 'the public key that the operator is known by')
    .option('--previous <manifest.json>', 'a manifest seen before; may be given more than once', collect)
    .option('--former-operator <0x…>', FORMER_OPERATOR, collect)
    .addHelpText(
      'after',
      examples(
        'solvent verify-user my-proof.json --global manifest.json --key 0x… --operator 0x…',
        'solvent verify-user "user_proofs/*/*.json"',
        'solvent verify-user --bundle https://example.org/nov-2026 --global manifest.json --key 0x… --operator 0x…',
      ),
    )
    .action((files: string[], options: VerifyUserArguments) =>
      run('verify-user', (context) => verifyUser(files, options, context)),
    );
}

async function verifyUser(
  patterns: readonly string[],
  options: VerifyUserArguments,
  context: Context,
): Promise<Outcome> {
  const { say, complain, style } = context;
  const { bundle } = options;
  if (bundle !== undefined) refuseIncomplete(patterns, options);
  const { value: trust, tidied } = await readTrust(options);
  const files = bundle === undefined ? await proofFiles(patterns) : [];
  const read = await manifestFor(files, options.global);
  const { manifest } = read;
  const given = givenAccountKey(options, manifest.header);
  const { snapshot, takenAt, mode } = manifest.header;
  const noted = sayTidied([...tidied, ...(given?.tidied ?? [])], context);
  say(`Snapshot ${style.paint('bold', snapshot)}, taken at ${takenAt} (${mode})`);
  say(`Operator ${manifest.header.operator}`);
  if (options.global === undefined) say(`Manifest ${printable(read.file)}, found beside the proof`);
  say();
  const verdict = verifyManifestTrust(manifest, { ...trust, now: new Date() });
  const summary = { ...manifestDocument(manifest), file: read.file };
  if (!verdict.valid) {
    const { code, reason } = verdict;
    complain(`${style.paint('red', 'INVALID')}: ${reason} (${code}); no file was looked at`);
    return {
      exitCode: EXIT.invalid,
      document: { valid: false, code, reason, ...noted, manifest: summary, files: [] },
    };
  }
  if (bundle !== undefined) {
    const found = await verifyBundle(bundle, manifest, given!.value, context);
    const findings = joinFindings(found.findings, verdict, globalFindings(read));
    sayFindings(findings, context);
    const valid = found.exitCode === EXIT.valid;
    return {
      exitCode: found.exitCode,
      document: { valid, ...findings, ...noted, manifest: summary, ...found.document },
    };
  }
  const results = await verifyUserFiles(files, manifest, given?.value, context);
  const findings = joinFindings(
    userFindings(results, manifest, given !== undefined),
    verdict,
    globalFindings(read),
  );
  say();
  sayFindings(findings, context);
  const valid = results.exitCode === EXIT.valid;
  return {
    exitCode: results.exitCode,
    document: { valid, ...findings, ...noted, manifest: summary, files: results.files },
  };
}

/** @throws SolventError OPTIONS, FILE_NOT_FOUND (usage) */
async function proofFiles(patterns: readonly string[]): Promise<string[]> {
  if (patterns.length === 0)
    throw new SolventError('OPTIONS', 'usage', 'give inclusion proofs, or a sealed bundle with --bundle');
  const files = (await expandFiles(patterns)).filter((file, _, all) => !isPackFile(file, all));
  if (files.length === 0)
    throw new SolventError('FILE_NOT_FOUND', 'usage', 'the patterns name a manifest, and no inclusion proof');
  return files;
}

async function manifestFor(files: readonly string[], global: string | undefined): Promise<FoundManifest> {
  return global === undefined ? manifestBeside(files) : { ...(await readManifest(global)), file: global };
}

/**
 * What a pattern for proofs also names in their folder, which is none, whether it was this program that
 * expanded it or a shell.
 */
function isPackFile(file: string, all: readonly string[]): boolean {
  return (
    basename(file) === OUTPUT.manifest &&
    all.some((other) => other !== file && dirname(other) === dirname(file))
  );
}

/** A manifest alone shows nothing about other accounts (section 9). */
function globalFindings({ source }: ReadManifest): CliFindings {
  const how =
    source === 'global-proof'
      ? 'only the first line of the global proof was read'
      : 'only its manifest was given, not the global proof';
  return finding.totalsNotChecked(`${how}; \`solvent verify-global\` checks it`);
}
