import type { Clock } from "../../src/approval/broker.ts";

/** Time that passes when it is told to. */
export function fakeClock() {
  let now = 0;
  const timers = new Set<{ time: number; then: () => void }>();
  const clock: Clock = {
    now: () => now,
    at(time, then) {
      const timer = { time, then };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
  };
  const pass = (milliseconds: number) => {
    now += milliseconds;
    for (const timer of [...timers].filter(({ time }) => time <= now)) {
      timers.delete(timer);
      timer.then();
    }
  };
  return { clock, pass, waiting: () => timers.size };
}
