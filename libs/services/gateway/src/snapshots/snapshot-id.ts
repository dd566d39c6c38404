/** The names that snapshots can have (specification, section 4); nothing else is worth a query, and PostgreSQL fails on some of it. */
const SNAPSHOT_ID = /^[a-z0-9-]{1,64}$/;

/** The name, or the empty one, which no snapshot has: asked for it, the database does the same work. */
export function askableId(text: string): string {
  return SNAPSHOT_ID.test(text) ? text : '';
}
