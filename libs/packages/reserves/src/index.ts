export { verifyOwnership, type OwnershipVerdict } from './verify-ownership';
export type { Question } from './schemes/evidence';
