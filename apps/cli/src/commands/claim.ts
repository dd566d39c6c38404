import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Command } from 'commander';
import { SolventError, toHex } from '@solvent-por/kzg';
import {
  elementBytes,
  encodeClaim,
  MAX_CLAIM_BYTES,
  MAX_CLAIM_FILE_BYTES,
  MAX_VERIFYING_KEY_BYTES,
  newChallenge,
  parseClaim,
  parseClaimFile,
  parseVerifyingKey,
  readClaimLink,
  verifyClaim,
  type Claim,
  type VerifyingKey,
} from '@solvent-por/claims';
import { claimAsked, withClaim, type ClaimOptions } from '../claim-options';
import type { Context, Outcome } from '../context';
import { EXIT } from '../exit-code';
import { about, readBounded, readManifest } from '../files';
import { sayFindings } from '../findings';
import { printable } from '../format';
import { writeNewFile } from '../service/write-new-file';
import { readTrust } from '../trust';
import { examples, type Run } from './command';

interface ProveArguments extends ClaimOptions {
  readonly keys?: string;
  readonly output: string;
}

interface VerifyArguments extends ClaimOptions {
  readonly operator?: string;
  readonly allowDevelopment?: true;
}

export function registerClaim(program: Command, run: Run): void {
  const claim = program
    .command('claim')
    .summary('private claims: "an account holds at least so much", and not which one')
    .description(
      'Private claims about a snapshot whose manifest has a claim tree: shows a partner that an account holds at least so much of an asset, and nothing else about it.',
    );
  claim
    .command('challenge')
    .summary('a new challenge, for a partner to ask with')
    .description(
      'Prints 31 random bytes: give them to the user who is to make a claim, and take a claim with them once.',
    )
    .addHelpText('after', examples('solvent claim challenge'))
    .action(() => run('claim challenge', (context) => Promise.resolve(challenge(context))));
  withClaim(
    claim
      .command('prove')
      .summary('make a claim about your own account')
      .description(
        'Makes a claim from the claim file that the operator gave you, which nobody else may see. Needs snarkjs, which is GPL-3.0 and installed apart (`npm install snarkjs`).',
      )
      .argument('<CLAIM-FILE>', 'yours: claim key, values and path'),
  )
    .option(
      '--keys <DIR>',
      'where proving key and witness generator lie, named by digest; else beside the verifying key',
    )
    .requiredOption('--output <FILE>', 'a new file: the claim, to be shown to the partner')
    .addHelpText(
      'after',
      examples(
        'solvent claim prove my-claim-file.json --manifest manifest.json --verifying-key keys/0x….json --asset BTC --threshold 1.5 --partner lender.example --purpose loan --challenge 0x… --output claim.json',
      ),
    )
    .action((file: string, options: ProveArguments) =>
      run('claim prove', (context) => prove(file, options, context)),
    );
  withClaim(
    claim
      .command('verify')
      .summary('verify a claim that somebody shows you')
      .description(
        'Verifies a claim against a signed manifest and what you asked for. Remember its nullifier: the same one a second time is the same account. Needs no GPL code.',
      )
      .argument('<CLAIM>', 'the file that you were shown, or the link, in quotes'),
  )
    .option('--operator <0x…>', 'the public key that the operator is known by')
    .option('--allow-development', 'take a development set-up, whose secret somebody knows')
    .addHelpText(
      'after',
      examples(
        'solvent claim verify claim.json --manifest manifest.json --verifying-key 0x….json --asset BTC --threshold 1.5 --partner lender.example --purpose loan --challenge 0x… --operator 0x…',
        "solvent claim verify 'https://proof.example/#shown=…' --manifest manifest.json --verifying-key 0x….json --asset BTC --threshold 1.5 --partner lender.example --purpose loan --challenge 0x…",
      ),
    )
    .action((file: string, options: VerifyArguments) =>
      run('claim verify', (context) => verify(file, options, context)),
    );
}

function challenge({ result }: Context): Outcome {
  const text = toHex(newChallenge());
  result(text);
  return { exitCode: EXIT.valid, document: { challenge: text } };
}

async function prove(file: string, options: ProveArguments, context: Context): Promise<Outcome> {
  const { say, style } = context;
  const { manifest } = await readManifest(options.manifest);
  const { verifyingKey } = await readKey(options.verifyingKey);
  const request = claimAsked(options, manifest.header);
  const mine = parseOf(file, await readBounded(file, MAX_CLAIM_FILE_BYTES), parseClaimFile);
  const folder = options.keys ?? dirname(options.verifyingKey);
  const { files } = verifyingKey.document;
  const [zkey, wasm] = await Promise.all([
    artefact(join(folder, `${files.zkey}.zkey`), 'proving key'),
    artefact(join(folder, `${files.wasm}.wasm`), 'witness generator'),
  ]);
  // Loaded when it is needed: its tools are GPL-3.0, and verifying needs none of them.
  const { endSnarkjs, proveClaim } = await import('@solvent-por/claims/prove');
  try {
    const claim = await proveClaim(mine, request, { manifest, verifyingKey, zkey, wasm });
    // Whoever shows it first has answered the challenge.
    await writeNewFile(options.output, encodeClaim(claim), 0o600);
    say(
      `${style.tick} wrote ${printable(options.output)}: show it to the partner who gave you the challenge`,
    );
    if (verifyingKey.document.setUp.kind === 'development')
      say(`${style.warning} development set-up: do not rely on it; partners refuse it unless they allow it`);
    const nullifier = toHex(elementBytes(claim.nullifier));
    say(`Nullifier ${nullifier}: the same in each of your claims for this partner and purpose`);
    return { exitCode: EXIT.valid, document: { file: options.output, nullifier } };
  } finally {
    await endSnarkjs();
  }
}

async function verify(file: string, options: VerifyArguments, context: Context): Promise<Outcome> {
  const { say, complain, style } = context;
  const { manifest } = await readManifest(options.manifest);
  const { verifyingKey } = await readKey(options.verifyingKey);
  const { value: trust } = await readTrust(options);
  const asked = claimAsked(options, manifest.header);
  const claim = await readShown(file);
  const verdict = verifyClaim(claim, {
    ...{ manifest, verifyingKey, ...asked },
    trust: { ...trust, now: new Date() },
    ...(options.allowDevelopment && { allowDevelopment: true }),
  });
  if (!verdict.valid) {
    complain(`${style.paint('red', 'INVALID')}: ${verdict.reason} (${verdict.code})`);
    return { exitCode: EXIT.invalid, document: { ...verdict } };
  }
  say(style.paint('bold', 'VALID'));
  sayFindings(verdict, context);
  return { exitCode: EXIT.valid, document: { ...verdict, threshold: verdict.threshold.toString() } };
}

/** A link's claim, whoever's address it names; or that of a file. */
async function readShown(shown: string): Promise<Claim> {
  if (/(?:^|#)shown=/.test(shown)) return parseClaim(readClaimLink(shown));
  return parseOf(shown, await readBounded(shown, MAX_CLAIM_BYTES), parseClaim);
}

async function readKey(file: string): Promise<{ verifyingKey: VerifyingKey }> {
  const bytes = await readBounded(file, MAX_VERIFYING_KEY_BYTES);
  return { verifyingKey: parseOf(file, bytes, parseVerifyingKey) };
}

function parseOf<T>(file: string, bytes: Uint8Array, parse: (bytes: Uint8Array) => T): T {
  return about(file, () => parse(bytes));
}

async function artefact(file: string, what: string): Promise<Uint8Array> {
  return new Uint8Array(
    await readFile(file).catch((error: NodeJS.ErrnoException) => {
      throw new SolventError(
        'CLAIM_ARTEFACT',
        'usage',
        `cannot read the ${what} ${printable(file)} (${error.code}): fetch it from the operator, and name its folder with --keys`,
      );
    }),
  );
}
