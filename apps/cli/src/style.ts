import { styleText } from 'node:util';

export type Colour = 'green' | 'red' | 'yellow' | 'dim' | 'bold';

/**
 * How a terminal shows things: ticks and colours where it can, plain ASCII where it can't or the user asked
 * for it.
 */
export interface Style {
  readonly tick: string;
  readonly cross: string;
  /** Before what was not checked. */
  readonly warning: string;
  readonly bullet: string;
  paint(colour: Colour, text: string): string;
}

const PLAIN: Style = { tick: 'ok', cross: 'FAILED', warning: '!', bullet: '-', paint: (_, text) => text };

const RICH: Style = {
  tick: paint('green', '✓'),
  cross: paint('red', '✗'),
  warning: paint('yellow', '!'),
  bullet: paint('dim', '·'),
  paint,
};

/** @param environment NO_COLOR (https://no-color.org) and TERM=dumb ask for plain text */
export function styleFor(
  stream: { readonly isTTY?: boolean | undefined },
  environment: Readonly<Record<string, string | undefined>>,
): Style {
  const plain = !stream.isTTY || !!environment.NO_COLOR || environment.TERM === 'dumb';
  return plain ? PLAIN : RICH;
}

function paint(colour: Colour, text: string): string {
  return styleText(colour, text);
}
