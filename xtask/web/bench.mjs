// Measures the release build in Chromium and prints Markdown tables.
//
// The page offers `window.portolan.bench(name, n, text)`; it answers (perhaps later, perhaps as JSON text)
//   {p50, p95, unit}   or   {value, unit}   or null where the name is not known:
//     key_to_stage  a key press in `text` until the stage shows the new cluster, n times, ms
//     pipeline      `text` → diagnostics + cluster, n times, ms (p50 counts)
//     routes        n requests routed through the cluster of `text`, requests/s
//     frame         n frames with 500 requests in flight, script time, ms
// What it does not offer is printed as "not wired".

import { spawnSync } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { dist, launch, packedSize, ready, root, serve } from "../../tests/e2e/harness.mjs";

const table = (head, rows) => {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, i) => (i ? "--:" : "---"))), ...rows.map(line)].join("\n");
};
const round = (n) => (Math.abs(n) >= 100 ? Math.round(n).toLocaleString("en") : Number(n.toPrecision(3)).toString());

/** The text of every manifest that is measured: name → text. */
async function texts() {
  const found = new Map();
  const examples = join(root, "static", "examples");
  const shop = (await readdir(examples).catch(() => [])).find((name) => name.includes("shop"));
  if (shop) found.set("small shop", await readFile(join(examples, shop), "utf8"));
  const folder = process.env.PORTOLAN_MANIFESTS || join(root, "..", "shared", "manifests");
  let largest = "";
  if (existsSync(folder)) {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !/\.ya?ml$/.test(entry.name)) continue;
      const text = await readFile(join(entry.parentPath ?? entry.path, entry.name), "utf8");
      if (text.length > largest.length) largest = text;
    }
  }
  if (largest) found.set("largest real manifest", largest);
  const pod = (n) => `apiVersion: v1
kind: Pod
metadata:
  name: pod-${n}
  namespace: default
  labels:
    app: app-${n % 50}
    tier: backend
spec:
  containers:
  - name: main
    image: registry.example/app:${n}
    ports:
    - name: http
      containerPort: 8080
      protocol: TCP
    env:
    - name: NUMBER
      value: "${n}"
`;
  found.set("1,000 pods", Array.from({ length: 1000 }, (_, n) => pod(n)).join("---\n"));
  return found;
}

/** Bytes of everything the page asks for by itself on a first visit. */
async function firstVisit(browser) {
  const server = await serve();
  const page = await browser.newPage();
  await page.goto(server.url);
  await ready(page);
  await page.waitForLoadState("networkidle");
  await page.waitForTimeout(500);
  await page.close();
  await server.close();
  const names = [...new Set(server.requests)];
  if (!names.includes("static/editor.js")) names.push("static/editor.js");
  const sum = { page: [0, 0, 0], editor: [0, 0, 0] };
  // The second wasm module and its loader's target come with the editor; the loader itself with the stage.
  const withEditor = (name) => name === "static/editor.js" || /^tools-.*\.wasm$/.test(name);
  for (const name of names) {
    const bytes = await readFile(join(dist, name)).catch(() => null);
    if (!bytes) continue;
    const sizes = [bytes.length, await packedSize(bytes, "gzip"), await packedSize(bytes, "br")];
    sizes.forEach((size, i) => { sum[withEditor(name) ? "editor" : "page"][i] += size; });
  }
  const kilobytes = (sizes) => sizes.map((size) => `${(size / 1000).toFixed(1)} KB`);
  const both = sum.page.map((size, i) => size + sum.editor[i]);
  return table(["first visit", "raw", "gzip", "brotli", "mark (brotli)"], [
    ["page without the editor", ...kilobytes(sum.page), "≤ 280 KB"],
    ["editor, with problems, completion and details", ...kilobytes(sum.editor), ""],
    ["both", ...kilobytes(both), ""],
  ]);
}

const ask = (page, name, n, text) => page.evaluate(async ([name, n, text]) => {
  const answer = await window.portolan?.bench?.(name, n, text);
  return typeof answer === "string" ? JSON.parse(answer) : answer ?? null;
}, [name, n, text]);

const shown = (answer) => {
  if (!answer) return "not wired";
  const unit = answer.unit ? ` ${answer.unit}` : "";
  return answer.p50 === undefined
    ? `${round(answer.value)}${unit}`
    : `p50 ${round(answer.p50)}, p95 ${round(answer.p95)}${unit}`;
};

/** Script for the page: `measureJsYaml(text, n)` gives the median of n runs in ms. */
async function jsYaml() {
  const { outputFiles } = await build({
    stdin: {
      contents: `import * as yaml from "js-yaml";
        const all = yaml.loadAll ?? yaml.default.loadAll;
        // As src/ui/probe/bench.rs measures: several at once, where one is short for the browser's clock.
        const measure = (text, atOnce) => {
          const start = performance.now();
          for (let i = 0; i < atOnce; i++) all(text);
          return (performance.now() - start) / atOnce;
        };
        window.measureJsYaml = (text, n) => {
          const atOnce = Math.max(1, Math.ceil(10 / Math.max(measure(text, 8), 0.01)));
          const times = Array.from({ length: n }, () => measure(text, atOnce));
          return times.sort((a, b) => a - b)[n >> 1];
        };`,
      resolveDir: root,
    },
    bundle: true, write: false, format: "iife", minify: true,
  });
  return outputFiles[0].text;
}

async function inThePage(browser, native) {
  const server = await serve();
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, bypassCSP: true });
  const page = await context.newPage();
  await page.addInitScript(await jsYaml());
  await page.goto(server.url);
  await ready(page);
  const rows = [];
  const ratios = [];
  const all = await texts();
  for (const [name, text] of all) {
    const mark = name === "small shop" ? "p95 ≤ 50 ms" : "";
    rows.push([`key press to stage, ${name}`, shown(await ask(page, "key_to_stage", 60, text)), mark]);
  }
  const shop = all.get("small shop") ?? "";
  rows.push(["routes in Chromium", shown(await ask(page, "routes", 200_000, shop)), "≥ 200,000 /s"]);
  for (const line of native.split("\n").filter(Boolean)) {
    const [name, value, unit] = line.split("\t");
    rows.push([`${name}, native`, `${round(Number(value))} ${unit ?? ""}`.trim(), ""]);
  }
  if (!native) rows.push(["routes, native", "not wired", ""]);
  rows.push(["script per frame, 500 requests in flight", shown(await ask(page, "frame", 120, shop)), "≤ 4 ms"]);
  for (const [name, text] of all) {
    const n = text.length > 100_000 ? 15 : 60;
    // Both warm: what has run for half a second Chromium has compiled as well as it can.
    await page.evaluate(([text, n]) => window.measureJsYaml(text, n), [text, n]).catch(() => {});
    await ask(page, "pipeline", n, text);
    const ours = await ask(page, "pipeline", n, text);
    const theirs = await page.evaluate(([text, n]) => window.measureJsYaml(text, n), [text, n]).catch(() => null);
    const time = ours ? ours.p50 ?? ours.value : null;
    const mark = name === "largest real manifest" ? "" : "≤ 1.5";
    ratios.push([
      name, `${(text.length / 1000).toFixed(1)} KB`, time === null ? "not wired" : `${round(time)} ms`,
      theirs === null ? "cannot parse it" : `${round(theirs)} ms`,
      time === null || theirs === null ? "" : round(time / theirs), mark,
    ]);
  }
  await context.close();
  await server.close();
  return [
    table(["measure", "value", "mark"], rows),
    table(["text → diagnostics + cluster", "size", "Portolan", "js-yaml parse alone", "ratio", "mark"], ratios),
  ].join("\n\n");
}

const browser = await launch();
const version = browser.version();
const visit = await firstVisit(browser);
const measures = await inThePage(browser, process.env.PORTOLAN_NATIVE ?? "");
await browser.close();
const commit = spawnSync("git", ["rev-parse", "--short", "HEAD"], { cwd: root, encoding: "utf8" }).stdout?.trim();
const machine = `${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}`;
console.log(`Measured at ${commit || "an unknown commit"}, Chromium ${version} headless, ${machine}.

${visit}

${measures}`);
