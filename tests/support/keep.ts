/** Something made once per worker process and kept for every test file that it runs. */
interface Kept<T> {
  /** Makes it when nobody has asked before. */
  get: () => Promise<T>;
  /** Ends it; may be asked often, as each extended `test` has a cleanup of its own. */
  end: () => Promise<void>;
}

/** A fixture of scope "worker" is made anew for each `extend`, so what it answers is kept here. */
export function keep<T>(make: () => Promise<T>, end: (made: T) => Promise<void>): Kept<T> {
  let made: Promise<T> | undefined;
  let ended: Promise<void> | undefined;
  return {
    get: () => (made ??= make()),
    // What could not be made has failed its test already.
    end: () => (ended ??= made ? made.then(end, () => {}) : Promise.resolve()),
  };
}
