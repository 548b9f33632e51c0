// nono learn: a command in a sandbox, and the smallest profile that covers what it needed.

import { existsSync } from "node:fs";
import { bytesOf, QueryContext } from "nono-ts";
import { baseNameOf, type ReservedFile, supervisorRefusal } from "nono-ts/internal";
import type { Action, Call, FlagsOf } from "../args/command.ts";
import { pathRedactorOf } from "../audit/redactor-of.ts";
import { Control } from "../control/control.ts";
import { codeOfEnding } from "../ending-code.ts";
import { CliError } from "../error.ts";
import type { Bounds } from "../learn/bounds.ts";
import { boundsOf } from "../learn/bounds-of.ts";
import { generalise } from "../learn/generalise.ts";
import { groupOffers } from "../learn/group-offers.ts";
import { type Observed, observe } from "../learn/observe.ts";
import type { LEARN_SECTIONS } from "../learn/options.ts";
import { profileOf } from "../learn/profile-of.ts";
import type { Recorded } from "../learn/record.ts";
import { type Target, targetOf } from "../learn/target.ts";
import { type ConfigPlace, configPlaceOf } from "../policy/config-files.ts";
import type { Profile } from "../policy/form/profile-form.ts";
import { stateDirectory } from "../policy/placed/protected-roots.ts";
import {
  editProfile,
  type NewProfile,
  newProfile,
  newProfileText,
  saveProfile,
} from "../policy/save-profile.ts";
import { withoutSecrets } from "../policy/without-secrets.ts";
import { explain } from "../report/explained.ts";
import { reserveOutput } from "../report/output-file.ts";
import { Companions } from "../run/companion.ts";
import { type Prepared, prepare } from "../sandbox/prepare.ts";
import { surroundingsHere } from "../sandbox/surroundings.ts";
import { strikeOut } from "../secret/strike-out.ts";
import { sayLearned, sayLearning } from "../ui/learn.ts";
import { announce } from "./announce.ts";
import { readableAfterwards } from "./companions.ts";
import { finishKilled } from "./rollback/finish-killed.ts";
import { registerCompanion } from "./sessions/companion.ts";

export type LearnFlags = FlagsOf<typeof LEARN_SECTIONS>;

export const learn: Action<LearnFlags> = async (flags, call) => {
  const { io, operands } = call;
  const cwd = io.cwd();
  const place = configPlaceOf(surroundingsHere(io, cwd));
  const target = targetOf(flags, place, cwd);
  const why = supervisorRefusal();
  if (why !== undefined) throw new CliError({ code: "learn-unsupervised", why });
  const sandbox = await prepare({ ...flags, profile: target.profile }, call, {
    words: operands,
    guard: true,
    supervisor: true,
    create: true,
    name: undefined,
  });
  let reserved: ReservedFile | undefined;
  try {
    // By its directory: what its path leads to in the end is for the command to choose, if it may write on the way.
    reserved = reserveOutput(flags.output, io);
    const { variables } = sandbox.loaded;
    const bounds = boundsOf({ ...sandbox, ...sandbox.capabilities, variables, temporary: io.env.TMPDIR });
    await sandbox.secrets.load();
    announce(sandbox, call);
    await finishKilled(stateDirectory(variables), io);
    sayLearning(flags.permissive, operands[0] ?? "", io);
    const registered = { name: undefined, features: ["learn"], control: new Control() } as const;
    const companions = new Companions([
      registerCompanion(registered, sandbox, call),
      readableAfterwards(call),
    ]);
    try {
      await companions.begin();
      const observed = await observe(sandbox, bounds, flags.permissive, companions);
      await companions.ended(observed.ending);
      finish(observed, sandbox, bounds, { target, place, call, reserved });
      return codeOfEnding(observed.ending);
    } finally {
      await companions.close();
    }
  } finally {
    reserved?.close();
    sandbox.secrets.wipe();
    sandbox.session.remove();
  }
};

type Rest = Readonly<{
  target: Target;
  place: ConfigPlace;
  call: Call;
  /** Of --output. */
  reserved: ReservedFile | undefined;
}>;

function finish(observed: Observed, sandbox: Prepared, bounds: Bounds, rest: Rest): void {
  const { policy, variables, catalog } = sandbox.loaded;
  const { target, call } = rest;
  const recorded = beyondGrants(observed.recorded, sandbox);
  const learned = generalise(recorded.uses, {
    bounds,
    groups: groupOffers(catalog, policy, variables),
    exists: (path) => existsSync(bytesOf(path)),
  });
  const [workdir, home] = bounds.work;
  const redactor = pathRedactorOf(sandbox);
  const clean = (text: string) => redactor.text(text);
  const whole = profileOf(learned, recorded, policy, { home, workdir });
  const { profile, held } = withoutSecrets(whole, clean);
  const start = {
    name: target.name,
    extends: policy.reference,
    description: clean(`what ${baseNameOf(call.operands[0] ?? "")} was seen to need`),
  };
  const written = write(profile, start, rest);
  const explained = observed.never.map((one) => explain(one, sandbox));
  const never = strikeOut(explained, sandbox.secrets.redactable());
  sayLearned({ ...observed, never, learned, written, target, held, clean }, sandbox, call.io);
}

/** A granted name stands for what it was granted as, not for the address that it had. */
function beyondGrants(recorded: Recorded, { capabilities }: Prepared): Recorded {
  const granted = new QueryContext(capabilities);
  const addresses = recorded.addresses.filter((one) => granted.queryConnect(one).status === "denied");
  return { ...recorded, addresses };
}

/** How many entries were new. */
function write(profile: Profile, start: NewProfile, { target, place, call: { io }, reserved }: Rest): number {
  const { file, isNew } = target;
  if (file === undefined) {
    io.stdout.write(newProfileText(profile, start));
    return Object.keys(profile).length;
  }
  // What the command may have put there meanwhile is neither read nor kept.
  const edit =
    isNew && reserved !== undefined
      ? newProfile(file, profile, start)
      : editProfile(file, profile, start, place.uid);
  if (!edit.isNew && edit.additions.length === 0) return 0;
  try {
    if (reserved === undefined) saveProfile(edit);
    else reserved.write(edit.text);
  } catch (error) {
    if (error instanceof CliError) throw error;
    const reason = String((error as NodeJS.ErrnoException).code);
    throw new CliError({ code: "output-file", path: file, reason }, { cause: error });
  }
  return edit.additions.length;
}
