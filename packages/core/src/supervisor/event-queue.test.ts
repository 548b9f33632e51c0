import { expect, it } from "vitest";
import { EventQueue } from "./event-queue.ts";

async function all<T>(events: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const event of events) list.push(event);
  return list;
}

it("gives events in their order, those from before the iteration too", async () => {
  const queue = new EventQueue<number>();
  queue.push(1);
  const list = all(queue);
  queue.push(2);
  await Promise.resolve();
  queue.push(3);
  queue.close();
  expect(await list).toEqual([1, 2, 3]);
});

it("ends an iteration that waits", async () => {
  const queue = new EventQueue<number>();
  const list = all(queue);
  await Promise.resolve();
  queue.close();
  expect(await list).toEqual([]);
});

it("drops the oldest where nobody fetches, and counts them", async () => {
  const queue = new EventQueue<number>(2);
  for (const event of [1, 2, 3, 4]) queue.push(event);
  queue.close();
  expect(queue.dropped).toBe(2);
  expect(await all(queue)).toEqual([3, 4]);
});

it("keeps the program alive while somebody waits for the next one, and no longer", async () => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const [queue, before] = [new EventQueue<string>(), timers()];
  const events = queue[Symbol.asyncIterator]();
  const [first, second] = [events.next(), events.next()];
  expect(timers()).toBe(before + 1);
  queue.push("a");
  expect(timers()).toBe(before + 1);
  queue.push("b");
  expect([timers(), (await first).value, (await second).value]).toEqual([before, "a", "b"]);
  const last = events.next();
  queue.close();
  expect([timers(), (await last).done]).toEqual([before, true]);
});
