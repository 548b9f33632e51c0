// `nono.rb`: a formula for Homebrew, on macOS and Linux. It names where the archives will lie, so it is made only when that is
// known, and each by its digest.

import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { VERSION } from "./version.mjs";

const CPUS = { arm64: "on_arm", x64: "on_intel" };
const SYSTEMS = { darwin: "on_macos", linux: "on_linux" };

/**
 * @param {readonly import("./platforms.mjs").Platform[]} platforms
 * @param {string} url of the directory that the archives will lie in
 * @param {string} output holds the archives
 */
export function writeFormula(platforms, url, output) {
  const blocks = Object.entries(SYSTEMS).map(([os, system]) => {
    // Homebrew brings a glibc of its own where it has to.
    const ours = platforms.filter((one) => one.os === os && one.libc !== "musl");
    const cpus = ours.map(({ name, cpu }) => {
      const file = `nono-${VERSION}-${name}.tar.gz`;
      const digest = createHash("sha256")
        .update(fs.readFileSync(path.join(output, file)))
        .digest("hex");
      return `    ${CPUS[cpu]} do\n      url "${url}/${file}"\n      sha256 "${digest}"\n    end\n`;
    });
    return cpus.length === 0 ? "" : `  ${system} do\n${cpus.join("")}  end\n\n`;
  });
  fs.writeFileSync(path.join(output, "nono.rb"), formula(url, blocks.join("")));
}

/** @param {string} url @param {string} archives */
function formula(url, archives) {
  return `class Nono < Formula
  desc "Runs AI agents and any other command in a sandbox that the kernel enforces"
  homepage "${url}"
  version "${VERSION}"
  license "Apache-2.0"

${archives}  # Its files look for each other beside the executable.
  def install
    libexec.install Dir["*"]
    bin.install_symlink libexec/"nono"
    man1.install_symlink Dir[libexec/"share/man/man1/*.1"]
    bash_completion.install_symlink libexec/"share/completions/nono.bash" => "nono"
    zsh_completion.install_symlink libexec/"share/completions/nono.zsh" => "_nono"
    fish_completion.install_symlink libexec/"share/completions/nono.fish"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/nono --version")
  end
end
`;
}
