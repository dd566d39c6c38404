/** What is said of every argument that names an account. */
export const ID_OF_THE_SNAPSHOT =
  'The id of that snapshot, 64 hex digits: SHA-256("solvent/v1/id" ‖ header digest ‖ account key). Keep the key to yourself: it opens every snapshot.';
