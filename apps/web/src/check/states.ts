/**
 * What became of one step. Only `checked` means that this browser computed it and that it holds; `server` is
 * somebody else's word; `open` was not looked at; `unreadable` says nothing about the proof; `false` is proof
 * against whoever signed.
 */
export type StepState = 'checked' | 'server' | 'open' | 'unreadable' | 'false';

/** From the best to the worst: a headline is never better than the worst of its parts. */
const WEAKNESS: readonly StepState[] = ['checked', 'server', 'open', 'unreadable', 'false'];

/** The state of a whole whose parts these are; with no part nothing was looked at. */
export function weakest(states: readonly StepState[]): StepState {
  return states.length === 0 ? 'open' : states.reduce((a, b) => (rank(b) > rank(a) ? b : a));
}

function rank(state: StepState): number {
  return WEAKNESS.indexOf(state);
}
