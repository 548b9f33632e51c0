// A registry of what a release holds, on loopback, so that installers do what they do with the real one. What only another
// system could install is described, and never handed out.
//
//   node scripts/release/registry.mjs DIR      prints its address

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { PLATFORMS } from "./platforms.mjs";
import { VERSION } from "./version.mjs";

const release = String(process.argv[2]);
/** @type {Map<string, object>} */
const manifests = new Map();
for (const file of fs.readdirSync(release).filter((name) => name.endsWith(".tgz"))) {
  const archive = path.join(release, file);
  const manifest = JSON.parse(execFileSync("tar", ["-xzOf", archive, "package/package.json"]).toString());
  const bytes = fs.readFileSync(archive);
  const integrity = `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
  manifests.set(manifest.name, { ...manifest, dist: { file, integrity } });
}
for (const { name, os, cpu, libc } of PLATFORMS)
  for (const kind of ["nono", "nono-native"])
    if (!manifests.has(`${kind}-${name}`))
      manifests.set(`${kind}-${name}`, {
        name: `${kind}-${name}`,
        version: VERSION,
        os: [os],
        cpu: [cpu],
        ...(libc && { libc: [libc] }),
        dist: { file: "of-another-system.tgz", integrity: "sha512-AAAA" },
      });

const server = createServer((request, response) => {
  const name = decodeURIComponent(String(request.url).slice(1));
  const manifest = /** @type {any} */ (manifests.get(name));
  if (manifest !== undefined) {
    const tarball = `http://${request.headers.host}/-/${manifest.dist.file}`;
    const one = { ...manifest, dist: { integrity: manifest.dist.integrity, tarball } };
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ name, "dist-tags": { latest: VERSION }, versions: { [VERSION]: one } }));
    return;
  }
  const file = path.join(release, path.basename(name));
  if (name.startsWith("-/") && fs.existsSync(file)) fs.createReadStream(file).pipe(response);
  else response.writeHead(404).end("{}");
});
server.listen(0, "127.0.0.1", () => {
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  console.log(`http://127.0.0.1:${address.port}`);
});
// Ends with whoever started it.
process.stdin.on("end", () => process.exit()).resume();
