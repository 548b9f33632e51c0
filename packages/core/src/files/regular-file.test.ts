import { execFileSync } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import { expect, it } from "vitest";
import { makeTree } from "../../test/support/tree.ts";
import { readRegular } from "./regular-file.ts";

it("reads what is a regular file, and tells of anything else what it is not, without waiting for it", async () => {
  await using tree = await makeTree({ file: "content", "directory/": "" });
  expect(readRegular(tree.at("file")).toString()).toBe("content");
  execFileSync("mkfifo", [tree.at("fifo")]);
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(tree.at("socket"), resolve));
  try {
    for (const name of ["fifo", "socket", "directory"])
      expect(() => readRegular(tree.at(name)), name).toThrow(`${tree.at(name)} is not a regular file`);
    expect(() => readRegular("/dev/null", "/named")).toThrow("/named is not a regular file");
    fs.symlinkSync("file", tree.at("link"));
    expect(() => readRegular(tree.at("link"))).toThrow("ELOOP");
    expect(() => readRegular(tree.at("missing"))).toThrow("ENOENT");
  } finally {
    server.close();
  }
});
