import type { G1Instance } from './instance';

/**
 * A stretch of the instance's memory for one computation after another: a bump allocator that is set back.
 */
export class Arena {
  private readonly start: number;
  private top: number;

  constructor(
    readonly instance: G1Instance,
    private readonly size: number,
  ) {
    this.start = this.top = instance.allocate(size);
  }

  /** 16-byte aligned, not cleared; addresses rise. @throws RangeError when the arena is used up */
  take(bytes: number): number {
    const address = this.top;
    this.top += Math.ceil(bytes / 16) * 16;
    if (this.top > this.start + this.size) throw new RangeError('the arena of the G1 kernels is too small');
    return address;
  }

  mark(): number {
    return this.top;
  }

  /** Gives back what was taken after mark(). */
  release(mark: number): void {
    this.top = mark;
  }

  reset(): void {
    this.top = this.start;
  }
}
