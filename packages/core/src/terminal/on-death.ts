// What has to be put back before a signal ends this process.

const DEADLY = ["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM"] as const;

/**
 * @param leave called at once, before the process ends as the signal would have ended it, or by itself
 * @returns gives it up again
 */
export function onDeath(leave: () => void): () => void {
  const die = (signal: NodeJS.Signals): void => {
    giveUp();
    leave();
    process.kill(process.pid, signal);
  };
  const giveUp = (): void => {
    process.off("exit", leave);
    for (const signal of DEADLY) process.off(signal, die);
  };
  process.on("exit", leave);
  for (const signal of DEADLY) process.on(signal, die);
  return giveUp;
}
