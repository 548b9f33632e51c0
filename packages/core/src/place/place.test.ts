import { describe, expect, it } from "vitest";
import { type Place, type PlaceFacts, placeHere, placeOf } from "./place.ts";
import {
  withoutFilters,
  withoutInspection,
  withoutLandlock,
  withoutSupervisor,
  withoutTracing,
} from "./refusal.ts";

const MACHINE: PlaceFacts = {
  release: "6.8.0-45-generic",
  version: "#45-Ubuntu SMP PREEMPT_DYNAMIC",
  status: "Name:\tnono\nSeccomp:\t0\n",
  env: {},
  exists: () => false,
};

const placed = (change: Partial<PlaceFacts>): Place => placeOf({ ...MACHINE, ...change });

const FILTERED = "Name:\tnono\nSeccomp:\t2\nSeccomp_filters:\t1\n";
const DOCKER = { status: FILTERED, exists: (file: string) => file === "/.dockerenv" };
const PODMAN = { status: FILTERED, exists: (file: string) => file === "/run/.containerenv" };

describe("placeOf", () => {
  it.each([
    [{}, { kernel: "linux", container: undefined, ci: undefined, nested: false, filtered: false }],
    [{ release: "4.4.0-19041-Microsoft" }, { kernel: "wsl1" }],
    [{ release: "6.6.87.2-microsoft-standard-WSL2" }, { kernel: "wsl2" }],
    [{ release: "4.4.0", version: "#1 SMP Sun Jan 10 15:06:54 PST 2016" }, { kernel: "gvisor" }],
    [DOCKER, { container: "docker", filtered: true }],
    [PODMAN, { container: "podman" }],
    [{ ...DOCKER, env: { KUBERNETES_SERVICE_HOST: "10.0.0.1" } }, { container: "kubernetes" }],
    [{ env: { container: "systemd-nspawn" } }, { container: "container" }],
    [{ env: { CI: "true", GITHUB_ACTIONS: "true" } }, { ci: "GITHUB_ACTIONS" }],
    [{ env: { CI: "false" } }, { ci: undefined }],
    [{ env: { NONO_CAP_FILE: "/tmp/x" } }, { nested: true }],
  ])("of %j", (facts, place) => {
    expect(placed(facts as Partial<PlaceFacts>)).toMatchObject(place);
  });

  it("is told by what this machine says", () => {
    expect(placeHere().release).toMatch(/^[0-9]+\.[0-9]+/);
  });
});

describe("without Landlock", () => {
  it.each([
    [{ release: "4.4.0-19041-Microsoft" }, "ENOSYS", "wsl --set-version"],
    [
      { release: "4.4.0", version: "#1 SMP Sun Jan 10 15:06:54 PST 2016" },
      "ENOSYS",
      "gVisor has no Landlock",
    ],
    [{ release: "6.6.87.2-microsoft-standard-WSL2" }, "EOPNOTSUPP", ".wslconfig"],
    [{}, "EOPNOTSUPP", "add landlock to the lsm= boot parameter"],
    [DOCKER, "EOPNOTSUPP", "of the machine that the container runs on"],
    [
      DOCKER,
      "EPERM",
      "a seccomp filter refuses Landlock's calls here: Docker allows them from version 23.0 on",
    ],
    [DOCKER, "ENOSYS", "Docker allows them"],
    [PODMAN, "EPERM", "podman run --security-opt seccomp="],
    [{ ...DOCKER, release: "5.4.0-200-generic" }, "ENOSYS", "Linux 5.4.0-200-generic has no Landlock"],
    [{ release: "5.10.0-30-amd64" }, "ENOSYS", "it needs Linux 5.13 or later"],
    [{ release: "6.1.0" }, "ENOSYS", "CONFIG_SECURITY_LANDLOCK"],
    [
      { status: FILTERED, env: { NONO_CAP_FILE: "/tmp/x" } },
      "EPERM",
      "the sandbox around this one does not allow",
    ],
    [{ status: FILTERED }, "EACCES", "what started nono does not allow them"],
    [{ status: FILTERED, env: { KUBERNETES_SERVICE_HOST: "10.0.0.1" } }, "EPERM", "seccompProfile"],
  ])("%j %s: %s", (facts, errno, text) => {
    expect(withoutLandlock(placed(facts as Partial<PlaceFacts>), errno)).toContain(text);
  });
});

it.each([
  ["", "0", undefined],
  ["0", "0", undefined],
  ["1", "0", undefined],
  ["2", "000001ffffffffff", undefined],
  ["2", "0000000000000000", "sysctl kernel.yama.ptrace_scope=1"],
  ["3", "000001ffffffffff", "at boot"],
])("Yama's scope %j with capabilities %s", (scope, capabilities, text) => {
  const refusal = withoutTracing(scope, capabilities);
  if (text === undefined) expect(refusal).toBeUndefined();
  else expect(refusal).toContain(text);
});

it("says why there are no filters, or no supervisor", () => {
  expect(withoutFilters(placed({}))).toContain("CONFIG_SECCOMP_FILTER");
  expect(withoutFilters(placed(DOCKER))).toContain("a seccomp filter refuses further filters");
  expect(withoutSupervisor(placed({ env: { NONO_CAP_FILE: "/x" } }), "EBUSY")).toContain("around this one");
  expect(withoutSupervisor(placed({}), "EBUSY")).toContain("there can be only one");
  expect(withoutSupervisor(placed({ release: "4.19.0" }), "EINVAL")).toContain("Linux 5.0 or later");
  expect(withoutSupervisor(placed(DOCKER), "EPERM")).toContain("Docker");
  expect(withoutInspection(placed(DOCKER))).toContain("docker run --security-opt seccomp=PROFILE");
  expect(withoutInspection(placed({}))).toContain("what started nono");
});
