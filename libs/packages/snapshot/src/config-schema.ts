import { hasHiddenCharacters, isUnstorable, SNAPSHOT_ID, SNAPSHOT_ID_FORM } from '@solvent-por/verifier';
import { z } from 'zod';
import { haircutMembers } from './haircut-schema';
import { DECIMAL } from './price';

/** Most tokens that `aggregate` may list; they don't stand in the header, so its 512 assets are no bound. */
export const MAX_TOKENS = 4096;

/** A name that is shown, and looked up, as it is. */
const plainText = (most: number) =>
  z
    .string()
    .max(most)
    .refine((text) => !hasHiddenCharacters(text), 'must have no control or bidirectional characters');
/** A column's name may hold line breaks. */
const columnName = z
  .string()
  .max(256)
  .refine((text) => !isUnstorable(text), 'must have no NUL and be well-formed Unicode');

const symbol = z
  .string()
  .regex(/^[A-Z0-9]{1,16}$/, 'must be 1 to 16 characters of A-Z and 0-9')
  .describe('1 to 16 characters of A-Z and 0-9');

const convertScale = z
  .strictObject({
    from: z.int().min(1).max(36).describe('decimal places of the smallest unit in the input'),
    rounding: z
      .enum(['exact', 'up'])
      .default('exact')
      .describe(
        'exact: an amount that has more decimals than `scale` is refused. up: what a user is owed is rounded up, a debt down, each by less than one unit',
      ),
  })
  .describe('the input counts in another, finer scale than the published one: 18 in the input, `scale` 9');

const asset = z.strictObject({
  symbol,
  scale: z.int().min(0).max(36).describe('decimal places of the smallest unit: 8 for BTC'),
  limbs: z
    .int()
    .min(1)
    .max(6)
    .default(6)
    .describe('range of one account: amounts are below 2^64 and 2^(11·limbs); fewer limbs prove faster'),
  convertScale: convertScale.optional(),
});

const pricedAsset = asset.extend({
  price: z
    .string()
    .max(64)
    .regex(DECIMAL, 'must be a decimal string such as "65100.22"')
    .describe(
      'of a whole token in `unit`, as a decimal string; price·10^(priceScale−scale) must be an integer in 1…2^64−1',
    ),
  ...haircutMembers,
});

const keys = z.union([
  z.strictObject({
    file: z.string().min(1).describe('relative to this file; only its owner may be able to read it'),
  }),
  z.strictObject({
    environment: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
      .describe('name of the variable that holds the master secret as 0x and 64 hex digits'),
  }),
]);

/** What a configuration says of private claims. */
export const claims = z
  .strictObject({
    keys: z
      .array(z.string().min(1).max(4096))
      .min(1)
      .max(8)
      .describe(
        'verifying keys that claims are checked with, as `solvent ceremony export` writes them: names of files, relative to this one, or their SHA-256 digests as 0x and 64 hex digits, under which, as `<digest>.json`, they lie beside this file, or with the services. Their digests are published',
      ),
    allowDevelopment: z
      .boolean()
      .optional()
      .describe(
        'one of `keys` may be of a development set-up, whose maker can prove whatever they like: for tests alone. Services allow it, or not, themselves',
      ),
  })
  .describe(
    'private claims: the snapshot gets a claim tree, so that a user can show a partner that an account holds at least so much, and not which one. Left out, there are none',
  );

const common = {
  $schema: z.string().optional(),
  snapshot: z.string().regex(SNAPSHOT_ID, `must be ${SNAPSHOT_ID_FORM}`).describe('name of the snapshot'),
  takenAt: z
    .string()
    .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, 'must be a time as YYYY-MM-DDTHH:MM:SSZ')
    .describe('when the balances were taken, in UTC; never the clock of the proving machine'),
  allowFutureDate: z
    .boolean()
    .optional()
    .describe(
      'takenAt may be later than a day ahead of now: no snapshot can follow before that time. The same as `--allow-future-date`, and like it of no effect where services sign; leave it out otherwise',
    ),
  operator: z
    .string()
    .regex(/^0x[0-9a-f]{64}$/, 'must be 0x and 64 lower-case hex digits')
    .describe('Ed25519 public key that the signing key must belong to; `solvent keys new` prints it'),
  accountIds: z
    .enum(['hashed', 'plain'])
    .default('hashed')
    .describe(
      'hashed: ids are 64 hex digits, taken as account keys as they are. plain: ids are identifiers, from which the account keys are made on reading; each must hold at least 80 bits that only the user and the operator know, better 128',
    ),
  idColumn: columnName
    .min(1)
    .optional()
    .describe('the CSV column that holds the account ids, in any case; `id` where it is missing'),
  ignoreColumns: z
    .array(columnName)
    .max(10_000)
    .default([])
    .describe('CSV columns that are not read, in any case; "" is the one without a name'),
  columns: z
    .record(
      columnName.min(1),
      z
        .string()
        .regex(
          /^(?:[ed]_)?[A-Z0-9]{1,16}$/i,
          'must be a symbol, or one with e_ (equity) or d_ (debt) before it',
        ),
    )
    .optional()
    .describe(
      'names in the input that are read as another: { "DOT.S": "DOT" }. CSV columns in any case, JSON tokens as they are; several of one symbol are added up',
    ),
  unheldAssets: z
    .array(symbol)
    .max(MAX_TOKENS)
    .optional()
    .describe(
      'symbols that nobody holds: left out of what is published, also where `assets` or `tokens` list them. In the input they may stand with 0 only',
    ),
  acceptWeakIds: z
    .boolean()
    .optional()
    .describe(
      'plain identifiers that can be guessed (short ones, digits, e-mail addresses, outer blanks) are accepted: whoever guesses one can look the balance up',
    ),
  acceptIds: z
    .array(plainText(1024).min(1))
    .max(10_000)
    .optional()
    .describe('plain identifiers of accounts that look like a row of totals, and are none'),
  ignoreFiles: z
    .array(plainText(255).min(1))
    .max(10_000)
    .default([])
    .describe("names in the input's directory that hold no accounts, such as a list of prices"),
  allowUnterminated: z
    .boolean()
    .optional()
    .describe(
      'CSV and NDJSON files may end without a line break; otherwise that is taken for a file that is cut off',
    ),
  claims: claims.optional(),
  previous: z
    .string()
    .min(1)
    .optional()
    .describe("the preceding snapshot's manifest.json, relative to this file"),
  formerOperator: z
    .string()
    .regex(/^0x[0-9a-f]{64}$/, 'must be 0x and 64 lower-case hex digits')
    .optional()
    .describe(
      'the public key that signed `previous`, where that is not `operator`: the first snapshot under a new key follows the last good one under the former. The same as `--former-operator`',
    ),
  keys: keys
    .optional()
    .describe('where the master secret is; without it, in the environment variable SOLVENT_MASTER_KEY'),
};

const unit = symbol.describe('what amounts or prices are counted in, such as USD');

/** The configuration of a snapshot, one object a mode. */
export const configSchema = z.discriminatedUnion('mode', [
  z.strictObject({
    mode: z.literal('aggregate'),
    ...common,
    unit,
    assets: z
      .array(asset)
      .length(1)
      .describe('the one asset all amounts are valued in; its symbol equals `unit`'),
    tokens: z.array(symbol).min(1).max(MAX_TOKENS).describe('tokens that may stand in the input'),
  }),
  z.strictObject({ mode: z.literal('spot'), ...common, assets: z.array(asset).min(1).max(MAX_TOKENS) }),
  z.strictObject({
    mode: z.literal('margin'),
    ...common,
    unit,
    priceScale: z.int().min(0).max(36),
    assets: z.array(pricedAsset).min(1).max(MAX_TOKENS),
  }),
]);

/** A checked configuration, defaults filled in. */
export type SnapshotConfig = z.output<typeof configSchema>;

/** What a configuration file may say: members with a default may be missing. */
export type SnapshotConfigInput = z.input<typeof configSchema>;
