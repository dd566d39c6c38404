import { SingleBar } from 'cli-progress';
import { duration } from './format';

/** Shows how far long work has come. */
export interface Progress {
  /** @param detail what else to show: `3,021 accounts/s`, say */
  update(done: number, total: number, detail?: string): void;
  stop(): void;
}

/** Shows nothing. */
export const SILENT: Progress = { update: () => undefined, stop: () => undefined };

/** A bar that redraws itself: for terminals. */
export function progressBar(label: string, stream: NodeJS.WritableStream): Progress {
  let bar: SingleBar | undefined;
  return {
    update(done, total, detail = '') {
      if (!bar) {
        bar = new SingleBar({
          format: `${label} [{bar}] {percentage}% {detail}`,
          barCompleteChar: '#',
          barIncompleteChar: '.',
          barsize: 30,
          // Neither is put back when a second Ctrl-C ends the program.
          hideCursor: false,
          linewrap: true,
          clearOnComplete: true,
          stream,
          // Without this cli-progress puts listeners on the process that swallow Ctrl-C.
          gracefulExit: false,
        });
        bar.start(Math.max(total, 1), 0, { detail });
      }
      bar.setTotal(Math.max(total, 1));
      bar.update(done, { detail });
    },
    stop: () => bar?.stop(),
  };
}

/** Time between two lines at least, when 10 % more are done; and at most, when not. */
const [SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS] = [1_000, 10_000];

/**
 * A line now and then, for logs: each 10 % (but not more than one a second), or after 10 seconds without one.
 * @param now milliseconds; a test's own clock, say
 */
export function progressLines(
  label: string,
  write: (line: string) => void,
  now: () => number = () => performance.now(),
): Progress {
  const started = now();
  let [shownAt, shown] = [started, 0];
  return {
    update(done, total, detail) {
      const time = now();
      const percent = total > 0 ? Math.floor((100 * done) / total) : 0;
      const step = Math.floor(percent / 10) > Math.floor(shown / 10) && time - shownAt >= SHORTEST_PAUSE_MS;
      if (!step && time - shownAt < LONGEST_PAUSE_MS) return;
      [shownAt, shown] = [time, percent];
      const extra = detail ? `, ${detail}` : '';
      write(`${label} ${percent} % after ${duration(time - started)}${extra}`);
    },
    stop: () => undefined,
  };
}
