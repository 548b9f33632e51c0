import { expect, it } from "vitest";
import * as library from "./index.ts";
import * as internal from "./internal.ts";

/** What stands here is API. What only the command line uses is exported by internal.ts. */
const PUBLIC = {
  sandboxes:
    "AccessMode CapabilitySet PROTECTIONS activeProtections apply compilePlan exec execPlan protectionsOfChild runGuarded runSupervised spawn supervise superviseChannel",
  queries: "QueryContext SandboxState isSupported probe queryPath supportInfo",
  snapshots:
    "DEFAULT_EXCLUDES DEFAULT_FILTER applyRestore cleanUp diffEntries openSnapshots prepareRestore verifySession",
  records:
    "LogReader cleanUpAudit followEvents keysIn lookAtAudit openAudit parseProof problemOfProof proveConsistency proveHistory proveInclusion readEvents readLines readTail sessionOfOrigin verifyAudit",
  secrets:
    "SecretBytes defaultVariableOf fetchSecret fileStore isAccountName parseSecretReference systemKeyring",
  "text and errors": "NonoError bytesOf textOf",
};

const exported = Object.keys(library);

it("exports what is API, and nothing else", () => {
  const wanted = Object.values(PUBLIC).flatMap((names) => names.split(" "));
  expect(exported.sort()).toEqual(wanted.sort());
});

it("shares nothing with the command line that everybody has", () => {
  expect(Object.keys(internal).filter((name) => exported.includes(name))).toEqual([]);
});
