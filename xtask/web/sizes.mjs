// Prints what dist/ weighs, file by file, as a good static host would send it.
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { dist, packedSize } from "../../tests/e2e/harness.mjs";

const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} KB`.padStart(11);
const row = (name, sizes) => console.log(sizes.map(kilobytes).join("") + "  " + name);

console.log("        raw       gzip     brotli");
const sum = [0, 0, 0];
const entries = await readdir(dist, { recursive: true, withFileTypes: true });
for (const entry of entries.filter((e) => e.isFile()).sort((a, b) => a.name.localeCompare(b.name))) {
  const file = join(entry.parentPath ?? entry.path, entry.name);
  const bytes = await readFile(file);
  const sizes = [bytes.length, await packedSize(bytes, "gzip"), await packedSize(bytes, "br")];
  sizes.forEach((size, index) => { sum[index] += size; });
  row(relative(dist, file), sizes);
}
row("all of it (a first visit takes less: examples and editor come when asked for)", sum);
