// Runs an asynchronous job at most once at a time, and once more when it was asked for meanwhile.

const rest = (ms) => (ms > 0 ? new Promise((resolve) => setTimeout(resolve, ms)) : undefined);

/**
 * `const refresh = coalesce(job, 200)`: every call returns a promise of a run that started at or after the call; a run
 * that follows another begins no sooner than the pause after its end, so that a thousand events cost few runs.
 */
export function coalesce(job, pauseMs = 0) {
  let running = null;
  let next = null;
  let ended = -Infinity;
  const left = () => ended + pauseMs - performance.now();
  const run = () => {
    running = job().finally(() => {
      running = null;
      ended = performance.now();
    });
    return running;
  };
  const later = async () => {
    await running?.catch(() => undefined);
    await rest(left());
    next = null;
    return run();
  };
  return () => {
    if (!running && !next && left() <= 0) return run();
    next ??= later();
    return next;
  };
}
