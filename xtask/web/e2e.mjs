// Runs every tests/e2e/*.test.mjs with Node's own test runner, two at a time at most.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../../tests/e2e/", import.meta.url));
const files = readdirSync(folder).filter((name) => name.endsWith(".test.mjs")).sort().map((name) => folder + name);
const wanted = process.argv.slice(2);
const chosen = wanted.length ? files.filter((file) => wanted.some((word) => file.includes(word))) : files;
if (!chosen.length) throw new Error(`no test file is called ${wanted.join(" or ")}`);
const run = spawnSync(
  process.execPath,
  ["--test", "--test-reporter=spec", "--test-concurrency=2", "--test-timeout=240000", ...chosen],
  { stdio: ["ignore", "inherit", "inherit"] },
);
process.exit(run.status ?? 1);
