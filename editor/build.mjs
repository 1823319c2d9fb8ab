// Bundles the editor into static/editor.js, one ES module that the page imports when it is needed.
import { build } from "esbuild";
import { fileURLToPath } from "node:url";

const root = new URL("../", import.meta.url);
await build({
  entryPoints: [fileURLToPath(new URL("editor/src/editor.js", root))],
  outfile: fileURLToPath(new URL("static/editor.js", root)),
  bundle: true,
  format: "esm",
  target: "es2020",
  minify: true,
  loader: { ".txt": "text" },
  legalComments: "none",
  logLevel: "warning",
});
