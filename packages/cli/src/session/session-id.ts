// How a session is called wherever it left something: its register, its audit record, its snapshots.

/**
 * `YYYYMMDD-HHMMSS-PID`, in UTC: names sort by age (`compareSessions`) whatever the clocks of a summer do, and the zones of local time take
 * 4 ms to load, a tenth of a start.
 */
export function sessionId(now: Date, pid: number): string {
  const [day = "", time = ""] = now.toISOString().split("T");
  return `${day.replaceAll("-", "")}-${time.slice(0, 8).replaceAll(":", "")}-${pid}`;
}

/** Above all that are given to processes (PID_MAX_LIMIT of linux/threads.h). */
const PROCESSES_MAX = 4_194_304;

/**
 * What stands for the process. In a container it often has the same small number, as others that keep their sessions in the
 * same place have at the same second; so there it is any.
 *
 * @param isCounted whether its number is one of the whole machine
 */
export function sessionNumber(pid: number, isCounted: boolean): number {
  if (isCounted) return pid;
  // Not node:crypto, which takes 1.5 ms to load.
  const [any = 0] = crypto.getRandomValues(new Uint32Array(1));
  return PROCESSES_MAX + 1 + (any % 1_000_000_000);
}
