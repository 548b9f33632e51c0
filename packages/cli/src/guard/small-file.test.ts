import { canonicalize } from "nono-ts/internal";
import { expect, it } from "vitest";
import { readSmallFile } from "./small-file.ts";

// A configuration that an agent wrote may include such a file, and some of them have no end (/proc/self/pagemap).
it("reads no more than it was told, of a file that says it is empty", () => {
  expect(readSmallFile(canonicalize("/proc/self/status"), 64)).toBeUndefined();
  expect(readSmallFile(canonicalize("/proc/self/status"), 1 << 20)).toMatch(/^Name:/);
});
