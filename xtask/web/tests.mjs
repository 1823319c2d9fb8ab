// node xtask/web/tests.mjs <folder> [word …]: runs the folder's *.test.mjs, or those whose names contain a
// word, with Node's own test runner. Two files at a time: each starts a browser.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const [folder, ...words] = process.argv.slice(2);
const names = readdirSync(join(root, folder)).filter((name) => name.endsWith(".test.mjs")).sort();
const chosen = names.filter((name) => !words.length || words.some((word) => name.includes(word)));
if (!chosen.length) throw new Error(`${folder} has no test file called ${words.join(" or ")}`);
if (folder.includes("e2e") && !existsSync(join(root, "dist", "index.html"))) {
  throw new Error("there is no dist/: run `cargo xtask test release e2e`");
}
const run = (atOnce) => spawnSync(
  process.execPath,
  [
    "--test", "--test-reporter=spec", "--test-reporter-destination=stdout", `--test-concurrency=${atOnce}`,
    "--test-timeout=240000", ...chosen.map((name) => join(root, folder, name)),
  ],
  { stdio: ["ignore", "inherit", "inherit"] },
).status ?? 1;

let status = run(2);
if (status !== 0) {
  // Two browsers on a busy machine can miss a deadline that one keeps; what is wrong fails again.
  console.log("\nOnce more, one file at a time: what fails now is wrong, the rest was waiting for the machine.\n");
  status = run(1);
}
process.exit(status);
