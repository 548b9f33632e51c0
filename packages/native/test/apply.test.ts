// apply() on the threads that the runtimes really have; the threads that they could have are in test/threads.c.

import { constants } from "node:os";
import { describe, expect, it } from "vitest";
import { itOnAbi } from "../../core/test/support/requires.ts";
import { HANDLED, READ } from "./support/native.ts";
import { PlanFlag, type PlanSource } from "./support/plan.ts";
import { RUNTIMES, runScript } from "./support/runtime.ts";

const { EBUSY, ENOENT, EINVAL, E2BIG } = constants.errno;
const ALLOW = [6, 0, 0, 0x7fff0000] as const;

/** Everything that the runtimes read of the system, but not /etc. */
const plan: PlanSource = {
  flags: PlanFlag.landlock,
  handledFs: HANDLED,
  rules: ["/usr", "/proc", "/dev"].map((path) => ({ path, rights: READ })),
};

/** `ask()` reads on the main thread, on every pool thread and in a worker that was started before. */
const READERS = `
  const file = "/etc/hosts";
  const worker = new Worker(\`const { parentPort } = require("node:worker_threads"); const fs = require("node:fs");
    parentPort.on("message", (file) => { try { fs.readFileSync(file); parentPort.postMessage("read"); } catch (error) { parentPort.postMessage(error.code); } });\`, { eval: true });
  const code = (read) => Promise.resolve().then(read).then(() => "read", (error) => error.code);
  const asked = () => new Promise((done) => { worker.once("message", done); worker.postMessage(file); });
  const ask = async () => [...new Set([
    await code(() => fs.readFileSync(file)),
    ...(await Promise.all(Array.from({ length: 32 }, () => code(() => fs.promises.readFile(file))))),
    await asked(),
  ])];
  const failure = (plan) => { try { addon.apply(plan); return "applied"; } catch ({ step, index, errno }) { return { step, index, errno }; } };`;

/** Of every thread, each different one once. */
const STATUSES = `
  const statuses = (name) => [...new Set(fs.readdirSync("/proc/self/task").map((tid) =>
    new RegExp("^" + name + ":\\\\t(.*)", "m").exec(fs.readFileSync("/proc/self/task/" + tid + "/status", "utf8"))[1]))];`;

describe.each(RUNTIMES)("apply in %s", (_, runtime) => {
  itOnAbi(1)("closes the main thread, the pool's and workers that run already", async () => {
    const script = `${READERS} say(await ask()); addon.apply(plans.plan); say(await ask()); process.exit(0);`;
    expect(await runScript(runtime, script, { plan })).toMatchObject({
      code: 0,
      said: [["read"], ["EACCES"]],
    });
  });

  itOnAbi(1)("gives every thread no_new_privs and the filters, and takes its capabilities", async () => {
    const script = `${READERS} ${STATUSES} await ask(); addon.apply(plans.all);
      for (const name of ["NoNewPrivs", "Seccomp_filters", "CapPrm"]) say(statuses(name)); process.exit(0);`;
    const all = {
      ...plan,
      flags: PlanFlag.landlock | PlanFlag.dropCapabilities,
      filters: [{ program: [ALLOW] }, { program: [ALLOW] }],
    };
    expect(await runScript(runtime, script, { all })).toMatchObject({
      code: 0,
      said: [["1"], ["2"], ["0000000000000000"]],
    });
  });

  itOnAbi(1)("throws the step that fails, and leaves everything as it was", async () => {
    const script = `${READERS} ${STATUSES} await ask();
      for (const wrong of Object.values(plans)) say(failure(wrong));
      say(statuses("NoNewPrivs")); say(await ask()); process.exit(0);`;
    const plans = {
      missing: { ...plan, rules: [{ path: "/nowhere", rights: READ }] },
      filter: { ...plan, filters: [{ program: [ALLOW] }, { program: [[0xffff, 0, 0, 0] as const] }] },
      listener: { ...plan, filters: [{ program: [ALLOW], listener: true }] },
      limit: { ...plan, limits: [{ resource: 1000, soft: 0n, hard: 0n }] },
    };
    expect(await runScript(runtime, script, plans)).toMatchObject({
      code: 0,
      said: [
        { step: 14, index: 0, errno: ENOENT },
        { step: 18, index: 1, errno: EINVAL },
        { step: 19, index: 0, errno: EINVAL },
        { step: 10, index: 0, errno: EINVAL },
        ["0"],
        ["read"],
      ],
    });
  });

  it("throws for bytes that are no plan", async () => {
    const script = `${READERS} say(failure(Buffer.from("NONOPLAN"))); say(failure(Buffer.alloc(0))); process.exit(0);`;
    const { said } = await runScript(runtime, script);
    expect(said).toEqual([
      { step: 3, index: 8, errno: constants.errno.EBADMSG },
      { step: 3, index: 0, errno: constants.errno.EBADMSG },
    ]);
  });

  itOnAbi(1)("nests until the kernel has enough, and throws then", async () => {
    const script = `${READERS} await ask(); let result; let count = 0;
      while ((result = failure(plans.plan)) === "applied") count += 1;
      say(count > 0); say(result); say(await ask()); process.exit(0);`;
    expect(await runScript(runtime, script, { plan })).toMatchObject({
      code: 0,
      said: [true, { step: 17, index: 0, errno: E2BIG }, ["EACCES"]],
    });
  });

  itOnAbi(1)("closes workers that are started while it works", async () => {
    const child = `
      const { parentPort, workerData } = require("node:worker_threads"); const { Worker } = require("node:worker_threads");
      parentPort.once("message", (file) => { let answer = "read"; try { require("node:fs").readFileSync(file); } catch (error) { answer = error.code; } parentPort.postMessage(answer); });`;
    const script = `
      const children = Array.from({ length: 6 }, () => new Worker(${JSON.stringify(child)}, { eval: true }));
      addon.apply(plans.plan); // their threads are being made
      const answers = await Promise.all(children.map((one) => new Promise((done) => { one.once("message", done); one.postMessage("/etc/hosts"); })));
      say([...new Set(answers)]); process.exit(0);`;
    expect(await runScript(runtime, script, { plan })).toMatchObject({ code: 0, said: [["EACCES"]] });
  });
});

// io_uring's threads belong to the process, act with the rights that it had, and let no signal reach them.
describe("apply beside io_uring", () => {
  itOnAbi(1)("refuses to restrict a part, where the kernel works for the process", async () => {
    const script = `${READERS} await ask();
      const threads = fs.readdirSync("/proc/self/task").map((tid) => fs.readFileSync("/proc/self/task/" + tid + "/comm", "utf8"));
      say(threads.some((name) => name.startsWith("iou-"))); const { step, errno } = failure(plans.plan); say({ step, errno }); say(await ask()); process.exit(0);`;
    const { said, code } = await runScript(process.execPath, script, { plan }, { UV_USE_IO_URING: "1" });
    const [working, ...rest] = said;
    expect(code).toBe(0);
    expect(rest).toEqual(working ? [{ step: 22, errno: EBUSY }, ["read"]] : [{}, ["EACCES"]]);
  });
});
