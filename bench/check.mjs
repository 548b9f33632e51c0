// Does a contender run the command at all, and does it confine it? Only then is its time worth anything. Judged by what
// happened outside the sandbox.

import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import net from "node:net";
import { BenchError } from "./bench-error.mjs";

/** A contender that has not ended by then hangs. */
const LIMIT_MS = 30_000;

/**
 * @param {import("./contenders.mjs").Contender} contender
 * @param {import("./place.mjs").Place} place
 * @returns {Promise<string | undefined>} what is wrong with a peer
 * @throws BenchError when it is one of ours
 */
export async function check(contender, place) {
  const wrong = await whatIsWrong(contender, place);
  if (wrong !== undefined && contender.ours) throw new BenchError(`${contender.name} ${wrong}`);
  return wrong;
}

/**
 * @param {import("./contenders.mjs").Contender} contender
 * @param {import("./place.mjs").Place} place
 */
async function whatIsWrong({ prefix, confines }, place) {
  for (const file of [place.inside, place.outside]) fs.writeFileSync(file, "");
  const server = net.createServer((connection) => connection.destroy()).listen(0, "127.0.0.1");
  await once(server, "listening");
  let connections = 0;
  server.on("connection", () => connections++);
  try {
    const { port } = /** @type {net.AddressInfo} */ (server.address());
    const command = [...prefix, place.attempt, place.inside, place.outside, String(port)];
    const { code, signal, stderr } = await run(command, place);
    // A connection is made by the kernel before this process hears of it.
    await once(net.connect(port, "127.0.0.1").resume(), "close");

    const said = stderr.trim().split("\n").at(-1) || "without a word";
    if (signal !== null) return `did not run: signal ${signal}: ${said}`;
    if (code !== 0) return `did not run, or may not write here: code ${code}: ${said}`;
    if (fs.readFileSync(place.inside, "utf8") === "") return "writes a copy of the working directory";
    const escaped = fs.readFileSync(place.outside, "utf8") !== "";
    const reached = connections > 1;
    if (confines.files && escaped) return "does not confine: a file outside the grants was written";
    if (confines.network && reached) return "does not confine: a port of the host was reached";
    // The control: what is to be refused can be done.
    if (!confines.files && !escaped) return "cannot write the file that the sandboxes are to refuse";
    if (!confines.network && !reached) return "cannot reach the port that the sandboxes are to refuse";
    return undefined;
  } finally {
    server.close();
  }
}

/**
 * @param {readonly string[]} command
 * @param {import("./place.mjs").Place} place
 */
async function run([executable = "", ...args], { work, env }) {
  const child = spawn(executable, args, {
    cwd: work,
    env,
    stdio: ["ignore", "ignore", "pipe"],
    timeout: LIMIT_MS,
    killSignal: "SIGKILL",
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    stderr += text;
  });
  const [code, signal] = await once(child, "close");
  return { code, signal, stderr };
}
