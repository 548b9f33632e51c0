import { describe, expect, it } from "vitest";
import { request } from "../../test/support/approval-requests.ts";
import { fakeClock } from "../../test/support/fake-clock.ts";
import { Broker } from "./broker.ts";
import type { ProfileSaver } from "./save/profile-saver.ts";
import { ProgramScreen } from "./screen/program-screen.ts";
import { TerminalApprover } from "./terminal-approver.ts";

const SIZE = { rows: 24, columns: 80, width: 0, height: 0 };

/** A terminal that says where its cursor is, unless it is one that never does. */
class FakeTerminal {
  readonly size = SIZE;
  isForeground = true;
  shown = "";
  typed = "";
  held = false;
  input: (bytes: Uint8Array) => void = () => undefined;
  answers: boolean;
  /** Typed by somebody while a question is drawn. */
  typedMeanwhile = "";
  /** Typed after it was drawn, and read together with the reply that tells so. */
  typedAfter = "";

  constructor(answers = true) {
    this.answers = answers;
  }

  hold = async (onInput: (bytes: Uint8Array) => void) => {
    this.held = true;
    this.input = onInput;
  };

  write = (bytes: Uint8Array) => {
    const text = Buffer.from(bytes).toString();
    this.shown += text;
    const asked = [...text.matchAll(/\u001b\[([0-9]+);([0-9]+)H\u001b\[6n/g)];
    if (asked.length === 0 || !this.answers) return;
    const reports = asked.map(([, row, column]) => `\u001b[${row};${column}R`).join("");
    this.press(`${this.typedMeanwhile}${reports}${this.typedAfter}`);
    this.typedMeanwhile = "";
    this.typedAfter = "";
  };

  type = (bytes: Uint8Array) => {
    this.typed += Buffer.from(bytes).toString();
  };

  release = () => {
    this.held = false;
  };

  press(text: string): void {
    this.input(Buffer.from(text));
  }
}

const saver: ProfileSaver = {
  profile: "default-approved",
  propose: async () => "+ filesystem.read_file: /x",
  save: async () => {
    throw new Error("the disk is full");
  },
};

function start(terminal: FakeTerminal) {
  const { clock, pass } = fakeClock();
  const broker = new Broker(60_000, clock);
  const screen = new ProgramScreen(SIZE);
  const approver = new TerminalApprover({ terminal, screen, broker, saver, clock, seconds: 60 });
  return { broker, approver, pass };
}

/** Lets everything happen that waits for nothing but its turn. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

describe("TerminalApprover", () => {
  it("asks, takes one key, and gives the terminal back", async () => {
    const terminal = new FakeTerminal();
    const { broker, approver } = start(terminal);
    const answer = broker.ask(request({ id: "a" }));
    await settle();
    expect(terminal.held).toBe(true);
    expect(terminal.shown).toContain("may node read this");
    terminal.press("y");
    expect(await answer).toMatchObject({ kind: "allow-once", by: { who: "terminal" } });
    await settle();
    expect(terminal.held).toBe(false);
    await approver.close();
  });

  it("gives what was typed before to the program, before the first question only", async () => {
    const terminal = new FakeTerminal();
    terminal.typedMeanwhile = "yyy";
    const { broker, approver } = start(terminal);
    const answers = [
      broker.ask(request({ id: "a", path: "/a/x" })),
      broker.ask(request({ id: "b", path: "/b/x" })),
    ];
    await settle();
    expect(broker.waiting).toHaveLength(2);
    expect(terminal.typed).toBe("yyy");
    terminal.typedMeanwhile = "sss";
    terminal.press("nyyyy"); // the first one counts, the others were typed without looking
    await settle();
    expect(await answers[0]).toMatchObject({ kind: "deny" });
    expect(broker.waiting).toHaveLength(1);
    expect(terminal.typed).toBe("yyy");
    terminal.press("n");
    expect(await answers[1]).toMatchObject({ kind: "deny" });
    await approver.close();
  });

  it("takes a key that comes together with the terminal's reply, behind it", async () => {
    const terminal = new FakeTerminal();
    terminal.typedMeanwhile = "n";
    terminal.typedAfter = "y";
    const { broker, approver } = start(terminal);
    expect(await broker.ask(request({ id: "a" }))).toMatchObject({ kind: "allow-once" });
    expect(terminal.typed).toBe("n");
    await approver.close();
  });

  it("takes no yes before the terminal says that it has drawn, however long that takes", async () => {
    const terminal = new FakeTerminal(false);
    const { broker, approver, pass } = start(terminal);
    const answer = broker.ask(request({ id: "a" }));
    await settle();
    terminal.press("y");
    await settle();
    pass(1000);
    await settle();
    terminal.press("y"); // a program that fills the terminal's buffer makes it slower than anybody waits
    await settle();
    expect(broker.waiting).toHaveLength(1);
    expect(terminal.shown).toContain("only a no is taken");
    pass(1000);
    await settle();
    terminal.answers = true; // has caught up
    terminal.press("x");
    await settle();
    terminal.press("y");
    expect(await answer).toMatchObject({ kind: "allow-once" });
    await settle();
    expect(terminal.typed).toBe("");
    await approver.close();
  });

  it("takes a yes after a reply that came late, and none that was typed before that", async () => {
    const terminal = new FakeTerminal(false);
    const { broker, approver, pass } = start(terminal);
    const answer = broker.ask(request({ id: "a" }));
    await settle();
    pass(1000);
    await settle();
    const asked = [...terminal.shown.matchAll(/\u001b\[([0-9]+;[0-9]+)H\u001b\[6n/g)];
    const reports = asked.map(([, place]) => `\u001b[${place}R`).join("");
    terminal.press(reports.slice(0, -3));
    terminal.press(reports.slice(-3));
    await settle();
    expect(broker.waiting).toHaveLength(1);
    terminal.press("y");
    expect(await answer).toMatchObject({ kind: "allow-once" });
    await approver.close();
  });

  it("takes a no also where the terminal never says where its cursor is", async () => {
    const terminal = new FakeTerminal(false);
    const { broker, approver, pass } = start(terminal);
    const answer = broker.ask(request({ id: "a" }));
    await settle();
    pass(1000);
    await settle();
    terminal.press("d");
    expect(await answer).toMatchObject({ kind: "deny-session" });
    await approver.close();
  });

  it("takes no report for the terminal's that the program has asked for", async () => {
    const terminal = new FakeTerminal(false);
    const { broker, approver, pass } = start(terminal);
    void broker.ask(request({ id: "a" }));
    await settle();
    const all = Array.from({ length: 80 }, (_, index) => `\u001b[24;${index + 1}R`).join("");
    terminal.press(`${all.repeat(20)}y`);
    await settle();
    pass(1000);
    await settle();
    expect(broker.waiting).toHaveLength(1);
    await approver.close();
  });

  it("says that it was answered elsewhere, and takes no key for one of the program's", async () => {
    const terminal = new FakeTerminal();
    const { broker, approver, pass } = start(terminal);
    const answer = broker.ask(request({ id: "a" }));
    await settle();
    broker.answer(["a"], { kind: "deny" }, { who: "process", pid: 7, uid: 0 });
    await settle();
    expect(await answer).toMatchObject({ kind: "deny" });
    expect(terminal.shown).toContain("denied, from another terminal (process 7)");
    expect(terminal.held).toBe(true);
    pass(3000);
    await settle();
    expect(terminal.held).toBe(false);
    expect(terminal.typed).toBe("");
    await approver.close();
  });

  it("keeps the question when a profile cannot be written", async () => {
    const terminal = new FakeTerminal();
    const { broker, approver } = start(terminal);
    const answer = broker.ask(request({ id: "a" }));
    await settle();
    terminal.press("p");
    await settle();
    expect(terminal.shown).toContain("+ filesystem.read_file: /x");
    terminal.press("y");
    await settle();
    expect(terminal.shown).toContain("not written: the disk is full");
    expect(broker.waiting).toHaveLength(1);
    terminal.press("x");
    await settle();
    terminal.press("n");
    expect(await answer).toMatchObject({ kind: "deny" });
    await approver.close();
  });

  it("waits for the foreground", async () => {
    const terminal = new FakeTerminal();
    terminal.isForeground = false;
    const { broker, approver } = start(terminal);
    void broker.ask(request({ id: "a" }));
    await settle();
    expect(terminal.shown).toBe("");
    terminal.isForeground = true;
    approver.tell("continued");
    await settle();
    expect(terminal.shown).toContain("may node read this");
    terminal.press("n");
    await approver.close();
  });

  it("that is closed denies what waits and gives the terminal back", async () => {
    const terminal = new FakeTerminal();
    const { broker, approver } = start(terminal);
    const answer = broker.ask(request({ id: "a" }));
    await settle();
    await approver.close();
    expect(await answer).toMatchObject({ kind: "deny", by: { who: "nobody" } });
    expect(terminal.held).toBe(false);
  });
});
