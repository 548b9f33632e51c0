// What is in every profile: first what a program needs to be one, last what no grant opens.

import type { Capabilities } from "../capability/index.ts";
import type { CanonicalPath } from "../files/canonical-path.ts";
import { DATA_VOLUME } from "./mac-path.ts";
import { whole } from "./pattern.ts";
import { allow, deny, type Filter, named, type Rule } from "./rule.ts";
import { SERVICES, VARIABLES } from "./services.ts";

const at = (kind: "literal" | "subpath", paths: readonly string[]): readonly Filter[] =>
  paths.map((path) => ({ kind, path: path as CanonicalPath }));

/** The system's own libraries: dyld(1) and its caches. Source: system.sb and dyld-support.sb of Apple's profiles. */
const LIBRARIES = [
  "/usr/lib",
  "/System/Library/dyld",
  "/System/Library/Frameworks",
  "/System/Library/PrivateFrameworks",
  "/System/Library/CoreServices/SystemVersion.plist",
  "/System/Cryptexes",
  "/System/Volumes/Preboot/Cryptexes",
  "/private/var/db/dyld",
];

const SAME: Filter = { kind: "target", of: "same-sandbox" };

/** A terminal that was made in the sandbox; nobody else's. Source: the function `pty` of Apple's profiles. */
const OWN_TERMINALS: Filter = {
  kind: "all",
  of: [
    { kind: "regex", pattern: whole("/dev/ttys[0-9]+") },
    { kind: "extension", name: "com.apple.sandbox.pty" },
  ],
};

export function baseRules({ processes }: Pick<Capabilities, "processes">): readonly Rule[] {
  const others = processes === "any" ? [] : [SAME];
  return [
    deny(["process-info*", "iokit-get-properties", "nvram*"]),
    allow(["process-fork", "dynamic-code-generation"]),
    allow(["process-info*", "signal"], ...others),
    allow(["mach-priv-task-port"], SAME),
    allow(
      ["sysctl-read"],
      ...named("sysctl-name", VARIABLES.names),
      ...named("sysctl-name-prefix", VARIABLES.prefixes),
    ),
    allow(["mach-lookup"], ...named("global-name", SERVICES.ordinary)),
    allow(["ipc-posix-shm-read-data"], ...named("ipc-posix-name", ["apple.shm.notification_center"])),
    allow(["pseudo-tty"]),
    allow(["file-read*", "file-write*", "file-ioctl"], ...at("literal", ["/dev/ptmx"]), OWN_TERMINALS),
    // As on Linux, that something exists is no secret: programs look for many files that they never open.
    allow(["file-read-metadata", "file-test-existence"]),
    // dyld lists the root.
    allow(["file-read-data"], ...at("literal", ["/"])),
    allow(["file-read*", "file-map-executable"], ...at("subpath", LIBRARIES)),
  ];
}

export function closingRules(): readonly Rule[] {
  return [
    // Everything on it has a name of its own, and only that is judged above.
    deny(
      ["file-read-data", "file-read-xattr", "file-map-executable", "file-write*", "process-exec*"],
      ...at("subpath", [DATA_VOLUME]),
    ),
    deny(["file-write-setugid"]),
    deny(["appleevent-send", "lsopen", "job-creation", "user-preference-write"]),
    deny(["mach-lookup"], ...named("global-name", SERVICES.shut)),
  ];
}
