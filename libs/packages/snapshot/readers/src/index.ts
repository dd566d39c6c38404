export { loadConfig, loadWideConfig, type LoadedConfig } from './config-file';
export { createKeys, deriveKeys, keysFromFile, loadKeys, type KeyCode, type Keys } from './keys';
export {
  parseServiceKeys,
  SERVICE_ROLES,
  serviceKeysText,
  type ServiceKeys,
  type ServiceRole,
} from './service-keys';
export type { Format, SourceFile } from './source-file';
export { decompressed, gunzipped } from './gunzip';
export { listSources, type SourceListing } from './source-files';
export { type NotRead } from './unread-names';
export { type InputCode } from './input-error';
export { type ReadProgress, type SourceOptions, type SourceSummary } from './source-reader';
export { type NamesRead } from './names-read';
export { surveyInput, type Survey } from './survey';
export { checkSnapshot, type CheckOptions, type CheckedSnapshot } from './check-snapshot';
export { readBatches, type BatchOptions } from './read-batches';
export { readPlacedKeys } from './read-keys';
export { generateSnapshot, type GenerateOptions, type Generated } from './generate-snapshot';
export { RECORD_FORMATS, writeRecords, type Columns, type RecordFormat } from './record-writer';
export { importAssets, writeConfig, type ImportOptions, type ImportedConfig } from './import-assets';
export { joinIdentifiers, type JoinOptions, type Joined } from './join-identifiers';
