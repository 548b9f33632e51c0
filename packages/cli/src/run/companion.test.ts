import type { Ending } from "nono-ts";
import { expect, it } from "vitest";
import { type Companion, Companions } from "./companion.ts";

const ending = { code: 0, signal: null } as Ending;

function noting(name: string, notes: string[], failing?: keyof Companion): Companion {
  const note = (what: keyof Companion) => {
    notes.push(`${name} ${what}`);
    if (what === failing) throw new Error(`${name} fails to ${what}`);
  };
  return {
    begin: async () => note("begin"),
    happened: async () => note("happened"),
    ended: async () => note("ended"),
    close: () => note("close"),
  };
}

it("ends what it began in the opposite order", async () => {
  const notes: string[] = [];
  const companions = new Companions([noting("a", notes), noting("b", notes)]);
  await companions.begin();
  await companions.ended(ending);
  await companions.close();
  expect(notes).toEqual(["a begin", "b begin", "b ended", "a ended", "b close", "a close"]);
});

it("lets one begin beside those before it, and those behind after it", async () => {
  const notes: string[] = [];
  const beside: Companion = {
    async beginBeside(before) {
      notes.push("b waits");
      await before();
      notes.push("b has begun");
    },
  };
  await new Companions([noting("a", notes), beside, noting("c", notes)]).begin();
  expect(notes).toEqual(["b waits", "a begin", "b has begun", "c begin"]);
});

it("begins nothing after one that failed to", async () => {
  const notes: string[] = [];
  const companions = new Companions([noting("a", notes, "begin"), noting("b", notes)]);
  await expect(companions.begin()).rejects.toThrow("a fails to begin");
  expect(notes).toEqual(["a begin"]);
});

it("lets each end and close, also where another fails to", async () => {
  const notes: string[] = [];
  const companions = new Companions([noting("a", notes), noting("b", notes, "ended")]);
  await expect(companions.ended(ending)).rejects.toThrow("b fails to ended");
  expect(notes).toEqual(["b ended", "a ended"]);
});

it("passes a failure to take note on to who told", async () => {
  const companions = new Companions([noting("a", [], "happened")]);
  await expect(companions.tell({ kind: "ended", errno: 0 })).rejects.toThrow("a fails to happened");
});
