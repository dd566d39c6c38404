export { loadConfig, type LoadedConfig } from './config-file';
export { createKeys, deriveKeys, loadKeys, type KeyCode, type Keys } from './keys';
export { listSources, type Format, type SourceFile } from './source-files';
export { type InputCode } from './input-error';
export { type ReadProgress, type SourceOptions, type SourceSummary } from './source-reader';
export { checkSnapshot, type CheckOptions, type CheckedSnapshot } from './check-snapshot';
export { readBatches, type BatchOptions } from './read-batches';
export { generateSnapshot, type GenerateOptions, type Generated } from './generate-snapshot';
export { RECORD_FORMATS, writeRecords, type Columns, type RecordFormat } from './record-writer';
