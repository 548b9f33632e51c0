import { constants } from "node:os";
import { expect, it } from "vitest";
import { errnoNameOf } from "./errno-name.ts";

it("names every error of the system, and what is none by its number", () => {
  expect([constants.errno.ENOENT, constants.errno.ELOOP].map(errnoNameOf)).toEqual(["ENOENT", "ELOOP"]);
  for (const number of Object.values(constants.errno)) expect(errnoNameOf(number)).toMatch(/^E[A-Z0-9]+$/);
  expect(errnoNameOf(9999)).toBe("errno 9999");
});
