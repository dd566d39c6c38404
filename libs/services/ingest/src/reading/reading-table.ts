/** What threads of ingest do. */
export const READING = { reading: () => import('./reading-work') };
