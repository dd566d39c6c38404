import { styleFor } from './style';

it('is plain where nobody looks at a terminal, or where the user asked for it', () => {
  for (const style of [
    styleFor({}, {}),
    styleFor({ isTTY: true }, { NO_COLOR: '1' }),
    styleFor({ isTTY: true }, { TERM: 'dumb' }),
  ]) {
    const everything = [style.tick, style.cross, style.warning, style.bullet, style.paint('red', 'x')].join(
      '',
    );
    expect(everything).toMatch(/^[\x20-\x7e]+$/);
  }
});

it('has ticks and crosses on a terminal', () => {
  const style = styleFor({ isTTY: true }, {});
  expect(style.tick).toContain('✓');
  expect(style.cross).toContain('✗');
});
