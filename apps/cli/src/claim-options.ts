import { SolventError } from '@solvent-por/kzg';
import { claimScope, SHORT_BYTES } from '@solvent-por/claims';
import { layoutOf, readGivenHex, VALUE_BOUND, type Header } from '@solvent-por/verifier';
import type { Command } from 'commander';

/** How partner and user name what is claimed. */
export interface ClaimOptions {
  readonly manifest: string;
  readonly verifyingKey: string;
  readonly asset: string;
  readonly side: string;
  readonly threshold: string;
  readonly partner?: string;
  readonly purpose?: string;
  readonly scope?: string;
  readonly challenge: string;
}

export function withClaim(command: Command): Command {
  return command
    .requiredOption('--manifest <manifest.json>', 'the signed manifest (or global-proof.ndjson)')
    .requiredOption('--verifying-key <FILE>', 'the one whose digest the manifest names in claimKeys')
    .requiredOption('--asset <SYMBOL>', 'of which asset')
    .option('--side <WHICH>', 'equity, debt, or the name of a pool', 'equity')
    .requiredOption('--threshold <AMOUNT>', 'at least so much, in units of the asset: 1.5')
    .option('--partner <NAME>', 'who asks, as they call themselves; with --purpose it makes the scope')
    .option('--purpose <TEXT>', 'what for')
    .option('--scope <0x…>', 'in their place: 31 bytes')
    .requiredOption('--challenge <0x…>', 'the partner’s, 31 bytes: to be used once');
}

/** What of it a claim says. @throws SolventError CLAIM_OPTIONS (kind usage) */
export function claimAsked(
  options: ClaimOptions,
  header: Header,
): { value: number; threshold: bigint; scope: Uint8Array; challenge: Uint8Array } {
  const { published } = layoutOf(header);
  const { asset, side } = options;
  const value = published.findIndex((each) => each.symbol === asset && (each.pool ?? each.side) === side);
  if (value < 0) {
    const there = published.map((each) => `${each.symbol} ${each.pool ?? each.side}`);
    throw refusal(
      `the snapshot publishes no ${side} of ${asset}: it has ${there.slice(0, 10).join(', ')}${there.length > 10 ? ', …' : ''}`,
    );
  }
  return {
    value,
    threshold: unitsOf(options.threshold, published[value]!.scale),
    scope: scopeOf(options),
    challenge: shortBytes(options.challenge, '--challenge'),
  };
}

/** 1.5 at scale 2 is 150. */
function unitsOf(text: string, scale: number): bigint {
  const match = /^(0|[1-9][0-9]{0,30})(?:\.([0-9]{1,36}))?$/.exec(text);
  const fraction = (match?.[2] ?? '').replace(/0+$/, '');
  if (!match || fraction.length > scale)
    throw refusal(`--threshold must be an amount such as 1.5, with at most ${scale} decimals, not ${text}`);
  const units = BigInt(`${match[1]}${fraction.padEnd(scale, '0')}`);
  if (units >= VALUE_BOUND) throw refusal('--threshold is more than any account can hold');
  return units;
}

function scopeOf({ scope, partner, purpose }: ClaimOptions): Uint8Array {
  if (scope !== undefined) {
    if (partner !== undefined || purpose !== undefined)
      throw refusal('give --scope, or --partner and --purpose, not both');
    return shortBytes(scope, '--scope');
  }
  if (partner === undefined || purpose === undefined)
    throw refusal('give --partner and --purpose, exactly as the other side does, or --scope');
  return claimScope(partner, purpose);
}

function shortBytes(text: string, option: string): Uint8Array {
  const given = readGivenHex(text, SHORT_BYTES);
  if (!given) throw refusal(`${option} must be ${SHORT_BYTES} bytes: 0x and ${2 * SHORT_BYTES} hex digits`);
  return given.bytes;
}

function refusal(message: string): SolventError<'CLAIM_OPTIONS'> {
  return new SolventError('CLAIM_OPTIONS', 'usage', message);
}
