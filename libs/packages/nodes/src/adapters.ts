import type { NodeAdapter } from './node';

/** Nodes that are asked here, by kind. */
export const ADAPTERS: Readonly<Record<string, NodeAdapter>> = {};
