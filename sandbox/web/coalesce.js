// Runs an asynchronous job at most once at a time, and once more when it was asked for meanwhile.

/** `const refresh = coalesce(job)`: every call returns a promise of a run that started at or after the call. */
export function coalesce(job) {
  let running = null;
  let next = null;
  const run = () => {
    running = job().finally(() => {
      running = null;
    });
    return running;
  };
  return () => {
    if (!running) return run();
    next ??= running.catch(() => undefined).then(() => {
      next = null;
      return running ?? run();
    });
    return next;
  };
}
