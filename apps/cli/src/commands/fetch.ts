import type { Command } from 'commander';
import { lockBeside, lockFolder, PRIVATE_DIRECTORY } from '@solvent-por/snapshot/files';
import { withAccount } from '../arguments';
import { holdOutput } from '../hold-output';
import { fetchGlobal, type FetchGlobalArguments } from '../service/fetch-global';
import { fetchClaim } from '../service/fetch-claim';
import { fetchInclusion } from '../service/fetch-inclusion';
import { fetchReserves, type FetchReservesArguments } from '../service/fetch-reserves';
import { withConnection } from '../service/connection';
import type { FetchOwnArguments } from '../service/own-account';
import { examples, type Run } from './command';

export function registerFetch(program: Command, run: Run): void {
  const fetch = program
    .command('fetch')
    .summary('take proofs home from the services')
    .description(
      'Downloads proofs from the services. Nothing is verified by that: the verify commands do it, here.',
    );
  withConnection(
    withAccount(
      fetch
        .command('inclusion')
        .summary('the inclusion proof of one account, and its manifest')
        .description(
          'Downloads the inclusion proof of an account, which shows its balance: the file is for you alone (mode 0600); and manifest.json, beside it. The account is looked up by its id in this ' +
            'snapshot, which is made here: the key, with which anybody could do this in every snapshot, is not sent.',
        )
        .requiredOption('--snapshot <ID>', 'a published snapshot'),
      'the',
    ).requiredOption('--output <FILE>', 'a new file'),
  )
    .addHelpText(
      'after',
      examples('solvent fetch inclusion --snapshot nov-2026 --key 0x… --output nov-2026/my-proof.json'),
    )
    .action((options: FetchOwnArguments) =>
      run('fetch inclusion', (context) => {
        const lock = lockBeside(options.output, 'solvent fetch inclusion', PRIVATE_DIRECTORY);
        return holdOutput(lock, context, () => fetchInclusion(options, context));
      }),
    );
  withConnection(
    withAccount(
      fetch
        .command('claim')
        .summary('what private claims about your account are made with')
        .description(
          'Downloads the claim file of an account, with which private claims are made in its name: it is for you alone (mode 0600); and manifest.json, beside it. It is given for an access that is made here from the key, ' +
            'for this snapshot alone: the key is not sent, and the account’s id, which stands in proof files, is not enough. Whether the account is in the claim tree is checked.',
        )
        .requiredOption('--snapshot <ID>', 'a published snapshot that has a claim tree'),
      'the',
    ).requiredOption('--output <FILE>', 'a new file'),
  )
    .addHelpText(
      'after',
      examples('solvent fetch claim --snapshot nov-2026 --key 0x… --output nov-2026/my-claim-file.json'),
    )
    .action((options: FetchOwnArguments) =>
      run('fetch claim', (context) => {
        const lock = lockBeside(options.output, 'solvent fetch claim', PRIVATE_DIRECTORY);
        return holdOutput(lock, context, () => fetchClaim(options, context));
      }),
    );
  withConnection(
    fetch
      .command('global')
      .summary('the whole proof of a snapshot: manifest.json and global-proof.ndjson')
      .description(
        'Downloads manifest.json and global-proof.ndjson of a published snapshot. A download that was stopped, or cut off, goes on where it stood when the same command is given again.',
      )
      .requiredOption('--snapshot <ID>', 'a published snapshot')
      .requiredOption('--output <DIR>', 'folder for both files'),
  )
    .addHelpText('after', examples('solvent fetch global --snapshot nov-2026 --output nov-2026'))
    .action((options: FetchGlobalArguments) =>
      run('fetch global', (context) =>
        holdOutput(lockFolder(options.output, 'solvent fetch global'), context, () =>
          fetchGlobal(options, context),
        ),
      ),
    );
  withConnection(
    fetch
      .command('reserves')
      .summary('what the exchange holds: reserves.json and reserve-addresses.ndjson')
      .description(
        'Downloads the two files of the reserves beside a snapshot, into the folder of its global proof if you like. A download that was stopped, or cut off, goes on where it stood when the same command is given again.',
      )
      .requiredOption('--snapshot <ID>', 'a snapshot with published reserves')
      .requiredOption('--output <DIR>', 'folder for both files'),
  )
    .addHelpText('after', examples('solvent fetch reserves --snapshot nov-2026 --output nov-2026'))
    .action((options: FetchReservesArguments) =>
      run('fetch reserves', (context) =>
        holdOutput(lockFolder(options.output, 'solvent fetch reserves'), context, () =>
          fetchReserves(options, context),
        ),
      ),
    );
}
