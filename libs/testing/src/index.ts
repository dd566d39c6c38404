export { manifestVectors } from './manifest-vectors';
export { loadVectors, pinnedVectors, type Vector, type VectorKind } from './vectors';
