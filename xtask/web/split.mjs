// Cuts the program in two (release builds): what the stage needs, and what comes with the editor.
//
// `wasm-split-cli` follows the relocations that the linker kept (`--emit-relocs`) from the functions marked
// with `#[wasm_split]` and moves what only they reach, code and data, into a module of its own. Both modules
// share one memory and one table. See src/ui/tools.rs for what is on which side.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { withLeaves } from "./leaves.mjs";
import { shorten } from "./names.mjs";

/** Named one by one: with all of them wasm-opt writes imports that Chromium does not take. */
const FEATURES = [
  "--mvp-features", "--enable-bulk-memory", "--enable-bulk-memory-opt", "--enable-multivalue",
  "--enable-mutable-globals", "--enable-nontrapping-float-to-int", "--enable-reference-types",
  "--enable-sign-ext", "--enable-call-indirect-overlong",
];

const execute = promisify(execFile);

/** Runs a program to its end; what it printed is part of the error when it fails. */
const run = (program, ...args) => execute(program, args);

/** Functions go by name at the end: those that are alike come to stand side by side, which brotli likes. */
const PASSES = ["--flatten", "--rereloop", "-O3", "--converge", "-O3", "--reorder-functions-by-name"];

const shrink = (from, to) => run("wasm-opt", ...PASSES, ...FEATURES, from, "-o", to);

/** Writes the second module with copies of what it calls most in the first. */
async function leaves(first, second, to) {
  const [before, text] = [`${first}.wat`, `${second}.wat`];
  await Promise.all([
    run("wasm-dis", ...FEATURES, first, "-o", before),
    run("wasm-dis", ...FEATURES, second, "-o", text),
  ]);
  await writeFile(text, withLeaves(await readFile(before, "utf8"), await readFile(text, "utf8")));
  await run("wasm-as", ...FEATURES, "-g", text, "-o", to);
}

/** Replaces a text that must be there. */
function replaced(text, from, to) {
  if (!text.includes(from)) throw new Error(`the loader of the second module has changed: no ${from}`);
  return text.replaceAll(from, to);
}

/** Splits (where the program is marked for it) and shrinks what Trunk put into `folder`; gives the page's HTML. */
export async function split(folder, source, html) {
  const js = (await readdir(folder)).find((name) => /^portolan-[0-9a-f]+\.js$/.test(name));
  const old = js.slice("portolan-".length, -".js".length);
  const wasm = `portolan-${old}_bg.wasm`;
  const target = process.env.CARGO_TARGET_DIR ?? join(source, "target");
  const whole = join(target, "wasm32-unknown-unknown", "release", "portolan.wasm");
  const work = await mkdtemp(join(tmpdir(), "portolan-split-"));
  if (!(await readFile(whole)).includes("__wasm_split_load_tools")) {
    await shrink(join(folder, wasm), join(work, "main.wasm"));
    await cp(join(work, "main.wasm"), join(folder, wasm));
    await rm(work, { recursive: true });
    return html;
  }
  await run("wasm-split-cli", whole, work, "--out-name", "portolan");
  const bound = join(work, "bound");
  await run("wasm-bindgen", join(work, "portolan.wasm"), "--target", "web", "--out-dir", bound, "--out-name", "portolan",
    "--no-typescript", "--keep-lld-exports");
  const [first, second] = [join(work, "first.wasm"), join(work, "second.wasm")];
  const rest = join(work, "rest.wasm");
  await leaves(join(bound, "portolan_bg.wasm"), join(work, "split_tools.wasm"), rest);
  await Promise.all([shrink(join(bound, "portolan_bg.wasm"), first), shrink(rest, second)]);

  const [stage, glue] = shorten(await readFile(first), await readFile(join(bound, "portolan.js"), "utf8"));
  const hash = createHash("sha256").update(stage).update(await readFile(second)).digest("hex").slice(0, 16);
  let loader = await readFile(join(work, "__wasm_split.js"), "utf8");
  loader = replaced(loader, '"./portolan.js"', `"./portolan-${hash}.js"`);
  loader = replaced(loader, '"./split_tools.wasm"', `"./tools-${hash}.wasm"`);
  // A host may send it under any type; a page that is not there is no module.
  loader = replaced(loader, "WebAssembly.instantiateStreaming(src, imports)",
    "WebAssembly.instantiate(await (await src).arrayBuffer(), imports)");
  await Promise.all([
    rm(join(folder, js)),
    rm(join(folder, wasm)),
    writeFile(join(folder, `portolan-${hash}.js`), replaced(glue, `from "./__wasm_split.js"`, `from "./tools-${hash}.js"`)),
    writeFile(join(folder, `tools-${hash}.js`), loader),
    writeFile(join(folder, `portolan-${hash}_bg.wasm`), stage),
    cp(second, join(folder, `tools-${hash}.wasm`)),
    cp(join(bound, "snippets"), join(folder, "snippets"), { recursive: true }),
  ]);
  await rm(work, { recursive: true });
  return html.replaceAll(`portolan-${old}`, `portolan-${hash}`);
}
