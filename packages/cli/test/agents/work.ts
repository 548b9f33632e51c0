// The work that an agent has to get done, and how to tell that it is.

import { join } from "node:path";
import { type Check, ended } from "./check.ts";
import { drive, type Setting } from "./drive.ts";
import { contentOf, writeAs } from "./place.ts";

const FIRST_PROMPT = "Write the programs of task seventeen, run them and commit them.";
const SECOND_PROMPT = "Go on with what we did, and add a line to the notes.";

const INSTRUCTIONS = "Name each file after a bird.";

/** In the quoted here-documents of a shell. */
const APP_JS = `import { readFile, writeFile } from "node:fs/promises";
import { Worker } from "node:worker_threads";
const worker = new Worker("require('node:worker_threads').parentPort.postMessage(6 * 7)", { eval: true });
worker.on("message", async (answer) => {
  await writeFile("answer.txt", String(answer));
  console.log("node says " + (await readFile("answer.txt", "utf8")));
});
`;
const APP_PY = `import hashlib, json, subprocess, tempfile
with tempfile.NamedTemporaryFile() as scratch:
    scratch.write(b"scratch")
print("python says", subprocess.run(["echo", json.dumps([6 * 7])], capture_output=True, text=True).stdout.strip())
`;

/** Devices that programs take for granted. A full one refuses, and says so by its own error. */
const DEVICES =
  "head -c 4 /dev/random | wc -c && cmp <(head -c 4 /dev/zero) <(printf '\\0\\0\\0\\0') && echo zeros; echo x > /dev/full";

const COMMANDS = [
  `mkdir -p src && cat > src/app.mjs <<'EOF'\n${APP_JS}EOF\ncat > src/app.py <<'EOF'\n${APP_PY}EOF`,
  "node src/app.mjs",
  "python3 src/app.py",
  "greet",
  `echo '{ "scripts": { "hello": "echo npm says hello" } }' > package.json && npm run hello`,
  DEVICES,
  "git add -A && git commit -q -m 'task seventeen' && git log --oneline | cat",
];

/** A first start in a fresh home that writes, runs and commits; then a second, signed in, that continues the session. */
export async function doWork(setting: Setting): Promise<readonly Check[]> {
  const { place } = setting;
  const first = await drive(setting, { name: "work", commands: COMMANDS }, FIRST_PROMPT);
  const [, node, python, tool, npm, devices, git] = first.results;
  const checks: Check[] = [
    ended("works to the end of the task", first, COMMANDS.length),
    {
      title: "writes files in the project",
      ok:
        contentOf(join(place.project, "src", "app.mjs")) === APP_JS &&
        contentOf(join(place.project, "answer.txt")) === "42",
      detail: first.results[0],
    },
    {
      title: "runs node with a worker and its pool threads",
      ok: node?.includes("node says 42") ?? false,
      detail: node,
    },
    { title: "runs python", ok: python?.includes("python says [42]") ?? false, detail: python },
    { title: "runs a program of the user's", ok: tool?.includes("a tool greets") ?? false, detail: tool },
    { title: "runs a script of npm", ok: npm?.includes("npm says hello") ?? false, detail: npm },
    {
      title: "uses the devices that hold nothing",
      // Two streams: an agent may show them in either order.
      ok: [/\b4\b/, /zeros/, /No space left on device/].every((part) => part.test(devices ?? "")),
      detail: devices,
    },
    { title: "commits with git", ok: git?.includes("task seventeen") ?? false, detail: git },
  ];

  for (const [path, content] of Object.entries(setting.agent.account))
    writeAs(place, join(place.home, path), content);
  const { instructions } = setting.agent;
  if (instructions !== undefined) writeAs(place, join(place.home, instructions), INSTRUCTIONS);
  const commands = ["echo noted >> notes.txt && git status --short"];
  const second = await drive(setting, { name: "more", commands }, SECOND_PROMPT, true);
  return [
    ...checks,
    ended("works when started again", second, commands.length),
    {
      title: "finds its session when started again",
      ok: second.conversation.includes(FIRST_PROMPT) && second.conversation.includes(SECOND_PROMPT),
      detail: second.conversation.slice(0, 500),
    },
    ...(instructions === undefined
      ? []
      : [
          {
            title: "knows the user's instructions when started again",
            ok: [second.system, second.conversation].some((text) => text.includes(INSTRUCTIONS)),
            detail: second.system.slice(-1000),
          },
        ]),
    {
      title: "writes files when started again",
      ok: contentOf(join(place.project, "notes.txt")) === "noted\n",
      detail: second.results[0],
    },
    ...setting.agent.lasting.map(({ title, isThere }) => ({
      title,
      ok: isThere(place),
      detail: "it is gone",
    })),
  ];
}
