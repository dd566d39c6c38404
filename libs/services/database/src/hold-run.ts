/**
 * The id of a snapshot ($1) whose attempt ($2) is under way, held so: it can neither fail nor begin another
 * attempt while something of it is written.
 */
export const HOLD_RUN = `SELECT id FROM snapshot WHERE id = $1 AND attempt = $2 AND state IN ('INGESTING', 'PROVING') FOR SHARE`;
