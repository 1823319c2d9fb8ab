// Trunk's last step (see Trunk.toml). In release builds: the program is cut in two, inline scripts become
// files, so that the page can forbid inline scripts altogether, and scripts and style sheets lose their blanks.
import { createHash } from "node:crypto";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { transform } from "esbuild";
import { split } from "./split.mjs";

if (process.env.TRUNK_PROFILE === "release") {
  const folder = process.env.TRUNK_STAGING_DIR;
  const page = join(folder, "index.html");
  let html = await split(folder, process.env.TRUNK_SOURCE_DIR, await readFile(page, "utf8"));
  const inline = /<script\b([^>]*)>([\s\S]*?)<\/script>/g;
  const files = [];
  html = html.replace(inline, (whole, attributes, code) => {
    if (/\bsrc=/.test(attributes) || !code.trim()) return whole;
    const name = `start-${createHash("sha256").update(code).digest("hex").slice(0, 16)}.js`;
    files.push(writeFile(join(folder, name), code.trim() + "\n"));
    return `<script type="module" src="./${name}"></script>`;
  });
  const policy = [
    "default-src 'self'", "script-src 'self' 'wasm-unsafe-eval'", "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:", "object-src 'none'", "base-uri 'self'", "form-action 'none'",
  ].join("; ");
  html = html.replace(/<meta charset="?utf-8"?\s*\/?>/i, (tag) =>
    `${tag}\n  <meta http-equiv="Content-Security-Policy" content="${policy}">`);
  if (!html.includes("Content-Security-Policy")) throw new Error("index.html has no <meta charset>");
  // Trunk has put these beside index.html, under names with a hash.
  for (const twice of ["portolan.css", "start.js"]) files.push(rm(join(folder, "static", twice), { force: true }));
  await Promise.all(files);
  for (const name of await readdir(folder)) {
    const loader = extname(name).slice(1);
    if (loader !== "js" && loader !== "css") continue;
    const file = join(folder, name);
    const { code } = await transform(await readFile(file, "utf8"), { loader, minify: true, legalComments: "none" });
    await writeFile(file, code);
  }
  await writeFile(page, html);
}
