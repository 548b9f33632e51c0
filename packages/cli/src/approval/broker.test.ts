import { describe, expect, it } from "vitest";
import { request, terminal } from "../../test/support/approval-requests.ts";
import { fakeClock } from "../../test/support/fake-clock.ts";
import { Broker } from "./broker.ts";

describe("Broker", () => {
  it("gives the first answer to all who ask for the same, and tells later ones so", async () => {
    const { clock } = fakeClock();
    const broker = new Broker(60_000, clock);
    broker.join();
    const asked = ["a", "b"].map((id) => broker.ask(request({ id })));
    expect(broker.answer(["a"], { kind: "allow-once" }, terminal)).toHaveLength(2);
    expect(broker.answer(["a"], { kind: "deny" }, terminal)).toEqual([]);
    expect(await Promise.all(asked)).toMatchObject([{ kind: "allow-once" }, { kind: "allow-once" }]);
    expect(broker.answerOf("b")).toMatchObject({ kind: "allow-once", by: terminal });
  });

  it("denies what nobody answers in time, and leaves no timer behind", async () => {
    const { clock, pass, waiting } = fakeClock();
    const broker = new Broker(60_000, clock);
    broker.join();
    const answer = broker.ask(request({ id: "a" }));
    pass(59_999);
    expect(broker.waiting).toHaveLength(1);
    pass(1);
    expect(await answer).toMatchObject({ kind: "deny", by: { who: "timeout", seconds: 60 } });
    expect(waiting()).toBe(0);
  });

  it("has an audience as long as one of several is there", async () => {
    const { clock } = fakeClock();
    const broker = new Broker(60_000, clock);
    const [first, second] = [broker.join(), broker.join()];
    first();
    first();
    const answer = broker.ask(request({ id: "a" }));
    expect(broker.waiting).toHaveLength(1);
    second();
    expect(await answer).toMatchObject({ kind: "deny", by: { who: "nobody" } });
  });

  it("forgets what is withdrawn, also when that was before it was asked", async () => {
    const { clock } = fakeClock();
    const broker = new Broker(60_000, clock);
    broker.join();
    const [later, before] = [new AbortController(), new AbortController()];
    before.abort();
    const asked = [
      broker.ask(request({ id: "a" }), later.signal),
      broker.ask(request({ id: "b" }), before.signal),
    ];
    later.abort();
    expect(await Promise.all(asked)).toMatchObject([{ kind: "deny" }, { kind: "deny" }]);
    expect(broker.waiting).toEqual([]);
    expect(broker.answer(["a", "b"], { kind: "allow-once" }, terminal)).toEqual([]);
  });

  it("tells of every change", () => {
    const { clock } = fakeClock();
    const broker = new Broker(60_000, clock);
    broker.join();
    let changes = 0;
    const end = broker.onChange(() => {
      changes += 1;
    });
    void broker.ask(request({ id: "a" }));
    broker.answer(["a"], { kind: "deny" }, terminal);
    end();
    void broker.ask(request({ id: "b" }));
    expect(changes).toBe(2);
  });
});
