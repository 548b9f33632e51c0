import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  // scripts/test.mjs also starts vitest as a user who may not write into the checkout.
  cacheDir: process.env.NONO_TEST_CACHE ?? "node_modules/.vite",
  ssr: { resolve: { conditions: ["source", "node", "import", "module", "default"] } },
  test: {
    include: ["packages/*/src/**/*.test.ts", "packages/*/test/**/*.test.ts", "bench/*.test.mjs"],
    testTimeout: 60_000,
    // What is prepared or waited for takes as long as the machine needs: only the test's own limit ends it.
    hookTimeout: 60_000,
    expect: { poll: { timeout: 50_000 } },
    // Tests that drive a real terminal or race real threads meet machines under any load there; what fails repeatedly fails.
    retry: process.env.CI === undefined ? 0 : 2,
    pool: "forks",
    // Tests mostly wait for processes that they start: with a file for each processor a third of their time is idle.
    maxWorkers: availableParallelism() + 1,
  },
});
