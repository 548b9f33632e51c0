// An agent that owns the screen is asked about, and a person answers: on that terminal, and from another one.

import { join } from "node:path";
import type { Check } from "./check.ts";
import { environmentOf, type Setting } from "./drive.ts";
import { leave, openAgent, sendPrompt, useOf } from "./full-screen.ts";
import { startedAs } from "./identity.ts";
import { contentOf, writeAs } from "./place.ts";
import { runToEnd } from "./process.ts";
import { poll, type Screen } from "./screen.ts";

type Answer =
  /** On the agent's terminal: a key, and where something is shown before it counts, what that says and a key more. */
  | Readonly<{ key: string; confirm?: Readonly<{ shown: RegExp; key: string }> }>
  /** From another terminal: words after `nono approvals`, with the question's name behind the first. */
  | Readonly<{ words: readonly [string, ...string[]] }>;

/** How the questions about one file are answered, and what comes of it. */
type Kind = Readonly<{
  title: string;
  file: string;
  answer: Answer;
  allows: boolean;
  /** `profile`: this session, and those to come. */
  lasts: "once" | "session" | "profile";
}>;

const PROPOSAL = { shown: /add this to your profile\?/, key: "y" };

const here = (file: string, key: string, allows: boolean, lasts: Kind["lasts"]): Kind => ({
  title: `takes ${key} on its own terminal`,
  file,
  answer: { key, ...(lasts === "profile" ? { confirm: PROPOSAL } : {}) },
  allows,
  lasts,
});

const elsewhere = (file: string, words: [string, ...string[]], lasts: Kind["lasts"]): Kind => ({
  title: `takes nono approvals ${words.join(" ")}`,
  file,
  answer: { words },
  allows: words[0] === "allow",
  lasts,
});

const KINDS: readonly Kind[] = [
  here("no", "n", false, "once"),
  here("enter", "Enter", false, "once"),
  here("never", "d", false, "session"),
  here("yes", "y", true, "once"),
  here("session", "s", true, "session"),
  here("profile", "p", true, "profile"),
  elsewhere("far-no", ["deny"], "once"),
  elsewhere("far-never", ["deny", "--session"], "session"),
  elsewhere("far-yes", ["allow"], "once"),
  elsewhere("far-session", ["allow", "--session"], "session"),
  elsewhere("far-profile", ["allow", "--always"], "profile"),
];

/** Asked for while nothing else moves on the screen, so that it can be compared before and after. */
const AT_REST: readonly Kind[] = [
  here("rest-yes", "y", true, "once"),
  elsewhere("rest-far-yes", ["allow"], "once"),
];

/** Milliseconds after which a screen that shows the same still is taken to be at rest. */
const REST = 1500;

/** And one that should show something else, and may be shown a notice of nono's first. */
const LONG_REST = 10_000;

/** A question as `nono approvals list --json` names it. */
type Asked = Readonly<{ id: string; path: string; process: Readonly<{ pid: number }> }>;

/** Under a supervisor that asks, from the start to the end of the agent's interface. */
export async function answerQuestions(setting: Setting, nono: string): Promise<readonly Check[]> {
  const { place, standIn } = setting;
  const outside = (file: string) => join(place.home, "outside", file);
  for (const { file } of [...KINDS, ...AT_REST]) writeAs(place, outside(file), `content of ${file}\n`);
  // Each is read twice: an answer that lasts is asked for once.
  const commands = KINDS.map(({ file }) => `cat ${outside(file)}; cat ${outside(file)}`);
  standIn.play({ name: "ask", commands: [...commands, whenTold(AT_REST, outside)] });

  await using screen = await openAgent(setting);
  const asking: Asking = { setting, nono, screen };
  await sendPrompt(screen);
  const checks: Check[] = [];
  for (const [index, kind] of KINDS.entries()) {
    const isOver = () => standIn.seen().results.length > index;
    const shots = await answerAll(asking, outside(kind.file), kind.answer, isOver);
    checks.push(checkOf(kind, shots, standIn.seen().results[index], setting));
  }
  await screen.until(useOf(setting).answered);
  const { results } = standIn.seen();
  for (const kind of AT_REST) checks.push(await checkAtRest(asking, kind, outside(kind.file)));
  const code = await leave(screen, setting);
  return [
    ...checks,
    {
      title: "goes on to its end, and ends as it does without questions",
      ok: code === 0 && results.length === commands.length + 1,
      detail: `exit code ${code}, ${results.length} of ${commands.length + 1} commands`,
    },
    ...KINDS.filter(({ lasts }) => lasts === "profile").map(({ title, file }) => ({
      title: `${title}, and the profile has it`,
      ok: profileOf(setting)?.includes(`/outside/${file}"`) ?? false,
      detail: profileOf(setting),
    })),
  ];
}

/** A shell that stays behind the turn in which it was started, and reads each file when it finds another one. */
function whenTold(kinds: readonly Kind[], outside: (file: string) => string): string {
  const reads = kinds.map(
    ({ file }) => `until [ -e read-${file} ]; do sleep 0.1; done; cat ${outside(file)} > got-${file}`,
  );
  return `(${reads.join("; ")}) > /dev/null 2>&1 &`;
}

type Asking = Readonly<{ setting: Setting; nono: string; screen: Screen }>;

/** Answers every question about `path`, until it is over. @returns what each question looked like */
async function answerAll(
  asking: Asking,
  path: string,
  answer: Answer,
  isOver: () => boolean,
): Promise<readonly string[]> {
  const shots: string[] = [];
  const answered = new Set<string>();
  for (;;) {
    const next = await poll(`asked for ${path}, nor went on`, async () => {
      if (isOver()) return "over";
      const waiting = JSON.parse(await approvals(asking, "list", "--json")) as readonly Asked[];
      return waiting.find((one) => one.path === path && !answered.has(one.id));
    });
    if (next === "over") return shots;
    answered.add(next.id);
    // By the process: the screen may still show the question before, about the same file.
    const question = `nono: may [^]*${path}[^]*\\(${next.process.pid}\\)`;
    shots.push(await asking.screen.until(new RegExp(question)));
    await give(asking, next.id, answer);
    // Any key sends away what is said about it, sooner than it goes by itself; this one means nothing to the agent.
    await asking.screen.until(new RegExp(`^(?!${question})`));
    await asking.screen.press("Right");
  }
}

async function give(asking: Asking, id: string, answer: Answer): Promise<void> {
  if ("words" in answer) {
    const [verb, ...flags] = answer.words;
    await approvals(asking, verb, id, ...flags);
    return;
  }
  await asking.screen.press(answer.key);
  if (answer.confirm === undefined) return;
  await asking.screen.until(answer.confirm.shown);
  await asking.screen.press(answer.confirm.key);
}

async function approvals(
  { setting, nono }: Asking,
  ...words: readonly [string, ...string[]]
): Promise<string> {
  const command = startedAs(setting.place.identity, [nono, "approvals", ...words]);
  const outcome = await runToEnd(command, {
    cwd: setting.place.home,
    environment: environmentOf(setting),
    limit: 30_000,
  });
  if (outcome.code !== 0) throw new Error(`nono approvals ${words.join(" ")}: ${outcome.stderr}`);
  return outcome.stdout;
}

function checkOf(kind: Kind, shots: readonly string[], seen: string | undefined, setting: Setting): Check {
  const times = seen?.split(`content of ${kind.file}`).length ?? 0;
  const asked = kind.lasts === "once" ? shots.length >= 2 : shots.length === 1;
  return {
    title: kind.title,
    ok: asked && times === (kind.allows ? 3 : 1) && shots.every((shot) => isAlone(shot, setting)),
    detail: `asked ${shots.length} times; it saw ${seen}\n${shots.join("\n")}`,
  };
}

/** A question on a screen that shows nothing of the agent's. */
const isAlone = (shot: string, setting: Setting) => !useOf(setting).ready.test(shot);

/** Nothing but the question and its answer happens to the screen: all of it has to be there again. */
async function checkAtRest(asking: Asking, kind: Kind, path: string): Promise<Check> {
  const { setting, screen } = asking;
  const look = async () => visible(await screen.look(), useOf(setting).passing);
  const before = await atRest(look);
  const got = join(setting.place.project, `got-${kind.file}`);
  writeAs(setting.place, join(setting.place.project, `read-${kind.file}`), "");
  const shots = await answerAll(
    asking,
    path,
    kind.answer,
    () => contentOf(got) === `content of ${kind.file}\n`,
  );
  const after = await atRest(look, before);
  return {
    title: `${kind.title}, and its screen is as it was`,
    ok: after === before && shots.every((shot) => isAlone(shot, setting)),
    detail: `before\n${before}\nafter\n${after}`,
  };
}

/** How a screen looks when it changes no more. @param hoped ends the waiting at once */
async function atRest(look: () => Promise<string>, hoped?: string): Promise<string> {
  let since = performance.now();
  let last: string | undefined;
  return await poll("came to rest", async () => {
    const now = await look();
    if (now !== last) [last, since] = [now, performance.now()];
    const isAtRest = performance.now() - since > (hoped === undefined ? REST : LONG_REST);
    return now === hoped || isAtRest ? now : undefined;
  });
}

/** Without what comes and goes by itself; and the foreground of what is blank to the end of its line cannot be seen. */
const visible = (look: string, passing: RegExp) =>
  look
    .replace(passing, "")
    .replace(/(?: |\u001b\[[0-9;]*m)+$/gm, (end) => end.replaceAll(/ |\u001b\[39m/g, ""));

/** What was approved for the sessions to come. */
function profileOf({ agent, place }: Setting): string | undefined {
  return contentOf(join(place.home, ".config", "nono", "profiles", `${agent.name}-approved.json`));
}
