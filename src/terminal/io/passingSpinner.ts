const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const frameMs = 100;

/** Erases the line and goes to its beginning (ECMA-48, EL). */
const eraseLine = '\r\u001B[2K';

/**
 * A spinner on standard error that leaves nothing behind: what comes after it belongs to another command. It is drawn only after a moment,
 * so that what takes no time does not flicker.
 *
 * @param quietMs for how long nothing is drawn
 */
export function passingSpinner(quietMs: number): {
  start(words: string): void;
  stop(): void;
  status: string | undefined;
} {
  let timer: NodeJS.Timeout | undefined;
  let drawn = false;
  const draw = (words: string, frame = 0): void => {
    process.stderr.write(`${eraseLine}${frames[frame % frames.length]} ${words}…`);
    drawn = true;
    timer = setTimeout(() => {
      draw(words, frame + 1);
    }, frameMs);
  };
  return {
    status: undefined,
    start(words) {
      timer = setTimeout(() => {
        draw(words);
      }, quietMs);
    },
    stop() {
      clearTimeout(timer);
      if (drawn) process.stderr.write(eraseLine);
      drawn = false;
    },
  };
}
