import { setTimeout as sleep } from 'node:timers/promises';
import { BUS_ACCESS, BUS_SERVICES, busUser, TOPICS } from '@solvent-por/services/contracts';
import {
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  ResourcePatternTypes,
  type AclEntry,
  type Admin,
} from 'kafkajs';
import type { Log } from '../../logging/log';
import { KafkaAdmin } from './kafka-admin';
import type { KafkaConnection } from './kafka-connection';
import { provisionTopics } from './provision-topics';

/** So long a broker that has just started may take. */
const WITHIN_MS = 60_000;
/** Between two looks. */
const AGAIN_MS = 100;

/**
 * Makes the topics, and lets each service's user do what BUS_ACCESS says, as an administrator of the brokers:
 * services need no right to make or alter anything then (SOLVENT_KAFKA_PROVISION=false). Again it does the
 * same; what users may do beside it is not taken away.
 *
 * @throws whatever kafkajs throws: SECURITY_DISABLED where the brokers have no authorizer
 */
export async function provisionBus(connection: KafkaConnection, log: Log): Promise<void> {
  const admin = new KafkaAdmin(connection, log);
  try {
    await admin.ask((client) => provisionTopics(client, TOPICS, log), WITHIN_MS);
    await admin.ask((client) => allow(client), WITHIN_MS);
    log.info({ users: BUS_SERVICES.map(busUser) }, 'rights granted');
  } finally {
    await admin.close();
  }
}

async function allow(admin: Admin): Promise<void> {
  const acl = BUS_SERVICES.flatMap((service) => {
    const { writes, reads } = BUS_ACCESS[service];
    const entry = (
      resourceType: AclResourceTypes,
      resourceName: string,
      operation: AclOperationTypes,
    ): AclEntry => ({
      ...{ resourceType, resourceName, operation },
      resourcePatternType: ResourcePatternTypes.LITERAL,
      principal: `User:${busUser(service)}`,
      host: '*',
      permissionType: AclPermissionTypes.ALLOW,
    });
    // Whoever may read or write may also ask about it.
    return [
      ...writes.map((topic) => entry(AclResourceTypes.TOPIC, topic, AclOperationTypes.WRITE)),
      ...reads.flatMap(({ topic, group }) => [
        entry(AclResourceTypes.TOPIC, topic, AclOperationTypes.READ),
        entry(AclResourceTypes.GROUP, group, AclOperationTypes.READ),
      ]),
    ];
  });
  await admin.createAcls({ acl });
  // What the controller has written reaches the broker's own authorizer a moment later.
  for (const { principal } of acl)
    while ((await rightsOf(admin, principal)) < acl.filter((entry) => entry.principal === principal).length)
      await sleep(AGAIN_MS);
}

async function rightsOf(admin: Admin, principal: string): Promise<number> {
  const { resources } = await admin.describeAcls({
    ...{ principal, resourceType: AclResourceTypes.ANY, resourcePatternType: ResourcePatternTypes.ANY },
    ...{ operation: AclOperationTypes.ANY, permissionType: AclPermissionTypes.ANY },
  });
  return resources.reduce((sum, { acls }) => sum + acls.length, 0);
}
