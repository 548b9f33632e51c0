// What is in it, for machines: CycloneDX, as npm tells it, without what would be different each time.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { root } from "../step.mjs";

/** @returns {string} JSON */
export function billOfMaterials() {
  const args = [
    "sbom",
    "--sbom-format=cyclonedx",
    "--omit=dev",
    "--package-lock-only",
    "--workspace=packages/cli",
  ];
  const bill = JSON.parse(execFileSync("npm", args, { cwd: root, encoding: "utf8" }));
  bill.metadata.timestamp = new Date(Number(process.env.SOURCE_DATE_EPOCH) * 1000).toISOString();
  delete bill.metadata.tools;
  delete bill.serialNumber;
  const digest = createHash("sha256").update(JSON.stringify(bill)).digest("hex");
  // A UUID of version 8, whose bits mean what we like (RFC 9562, 5.8).
  const [a, b, c, d, e] = [
    digest.slice(0, 8),
    digest.slice(8, 12),
    digest.slice(13, 16),
    digest.slice(17, 20),
    digest.slice(20, 32),
  ];
  return `${JSON.stringify({ ...bill, serialNumber: `urn:uuid:${a}-${b}-8${c}-8${d}-${e}` }, undefined, 2)}\n`;
}
