export { ACCOUNT_ROWS, type AccountBatch } from './account-batch';
export { canonicalJson, parseCanonical } from './canonical';
export { AMOUNT_BOUND, PRICE_BOUND, TOTAL_BOUND, VALUE_BOUND, parseDecimal } from './decimal';
export { DocumentReader } from './document';
export {
  MAX_ASSETS,
  MODES,
  PROTOCOL,
  headerDigest,
  parseHeader,
  type Asset,
  type Header,
  type Mode,
} from './header';
export { invalid, valid, type Invalid, type Valid, type Verdict } from './verdict';
export { verifyManifestTrust, type ManifestTrust } from './chain';
export { ED25519_ORDER, parseOperatorKey, verifyEd25519 } from './ed25519';
export {
  MAX_BATCHES,
  MAX_MANIFEST_BYTES,
  manifestDigest,
  parseManifest,
  parseUnsignedManifest,
  verifyManifestSignature,
  type Manifest,
  type UnsignedManifest,
} from './manifest';
