import type { Command } from 'commander';
import { shellWord } from '@solvent/terminal';
import type { Context, Outcome } from '../context';
import { EXIT } from '../exit-code';
import { size } from '../format';
import { normaliseFile, type Normalised } from '../normalise-file';
import { examples, type Run } from './command';

interface NormaliseArguments {
  readonly output?: string;
}

export function registerNormalise(program: Command, run: Run): void {
  program
    .command('normalise')
    .summary('restore the form of a proof or manifest that an editor or a browser re-formatted')
    .description(
      'Restores the canonical form (RFC 8785) of a manifest, an inclusion proof or a global proof: byte order mark, CRLF, blanks, line breaks and the ' +
        'order of members; of a global proof also the lines, whatever white space is between its documents (`jq .`). Refuses what is more than re-formatted (doubled members, numbers that could change) and a global proof without all its proofs. FILE itself is replaced, what it was is kept as FILE.orig; with --output it stays. ' +
        'Nothing is verified by that, but whether a manifest’s signature holds again is said.',
    )
    .argument('<FILE>', 'manifest.json, global-proof.ndjson or an inclusion proof')
    .option('--output <F>', 'a new file, in place of FILE')
    .addHelpText(
      'after',
      examples('solvent normalise my-proof.json', 'solvent normalise manifest.txt --output manifest.json'),
    )
    .action((file: string, options: NormaliseArguments) =>
      run('normalise', async (context: Context) =>
        sayNormalised(await normaliseFile(file, options.output), context),
      ),
    );
}

function sayNormalised(done: Normalised, { say, complain, style }: Context): Outcome {
  const { kind, changed, output, original, signatureHolds, sha256 } = done;
  const named = { manifest: 'a manifest', inclusion: 'an inclusion proof', 'global-proof': 'a global proof' }[
    kind
  ];
  say(
    changed
      ? `${style.tick} wrote ${shellWord(output)} (${named}, ${size(done.bytes)}) in the form in which it is published`
      : `${style.tick} ${shellWord(done.file)} (${named}) is in the form in which it is published: nothing had to be changed`,
  );
  if (original) say(`  what it was is kept as ${shellWord(original)}`);
  say(`SHA-256   ${sha256} (of the file)`);
  say(`Manifest  ${done.manifestDigest} (${kind === 'inclusion' ? 'that it names' : 'its digest'})`);
  if (signatureHolds) say(`${style.tick} the manifest's signature is by the key it names`);
  const document = { ...done };
  if (signatureHolds === false) {
    complain(
      `${style.cross} the manifest's signature does NOT hold: more than its form was changed; download it again (SIGNATURE_INVALID)`,
    );
    return { exitCode: EXIT.invalid, document: { ...document, code: 'SIGNATURE_INVALID' } };
  }
  if (kind === 'manifest')
    say(
      `${style.warning} a manifest by itself: if this was a global proof, all its proofs are missing, and it is to be downloaded again`,
    );
  say(
    `${style.warning} NOT checked: anything else; \`solvent verify-user\` and \`solvent verify-global\` do that`,
  );
  return { exitCode: EXIT.valid, document };
}
