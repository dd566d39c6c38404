import {
  createLogger,
  kafkaConnection,
  kafkaSettings,
  logSettings,
  provisionBus,
  readEnvironment,
} from '@solvent-por/services/kit';
import { failureCode, lastWord, plainFailure } from '@solvent-por/shared/terminal';
import { z } from 'zod';

/** Makes topics and rights on the brokers as their administrator, then ends. */
async function main(): Promise<void> {
  const values = readEnvironment(z.object({ ...kafkaSettings, ...logSettings }), process.env);
  const logger = createLogger({ service: 'provision', level: values.SOLVENT_LOG_LEVEL });
  await provisionBus(kafkaConnection(values, 'solvent-provision'), logger);
}

main().catch((error: unknown) => {
  lastWord(2, `provision: ${plainFailure(error)}\n`);
  process.exit(failureCode(error));
});
