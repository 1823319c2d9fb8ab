import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, test } from "node:test";
import { close, openPage, root, screenshot, serve } from "../../tests/e2e/harness.mjs";

after(close);

const shell = `<!doctype html><meta charset="utf-8"><title>editor</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="portolan.css">
<button id="before">before</button><div id="at" style="height:340px;width:520px"></div><button id="behind">behind</button>
<script type="module">
import { createEditor } from "./editor.js";
window.heard = [];
window.editor = createEditor(document.getElementById("at"), {
  doc: "kind: Service\\nmetadata:\\n  name: web\\nspec:\\n  selector:\\n    app: apj\\n",
  label: "Manifests",
  onChange: (text) => heard.push(text),
  onSelection: (offset) => { window.cursor = offset; },
  complete: (text, offset) => ({ from: offset, options: [{ label: "clusterIP", detail: "string" }, { label: "ports" }] }),
  hover: (text, offset) => offset < 13 ? { from: 0, to: 4, title: "kind", text: "What it is." } : null,
});
</script>`;

async function open(t, options) {
  const server = await serve(`${root}static`, { extra: { "index.html": { type: "text/html", body: shell } } });
  t.after(server.close);
  const { page } = await openPage(t, server.url, options);
  await page.waitForFunction(() => window.editor);
  return page;
}

test("typing is heard, undo works, the page's own changes are not echoed", async (t) => {
  const page = await open(t);
  await page.getByRole("textbox", { name: "Manifests" }).focus();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("x");
  assert.match((await page.evaluate(() => heard)).at(-1), /apj\nx$/);
  await page.evaluate(() => { heard.length = 0; editor.setText(editor.text().replace("web", "shop")); });
  assert.equal(await page.evaluate(() => heard.length), 0);
  assert.match(await page.evaluate(() => editor.text()), /name: shop/);
  await page.keyboard.press("Control+z");
  assert.match(await page.evaluate(() => editor.text()), /name: web/);
});

test("setText keeps the cursor beside its neighbours", async (t) => {
  const page = await open(t);
  await page.evaluate(() => { editor.focus(); editor.reveal(33); editor.setText("# new\n" + editor.text()); });
  await page.keyboard.type("!");
  assert.match(await page.evaluate(() => editor.text()), /^# new\n/);
  assert.equal(await page.evaluate(() => editor.text().indexOf("!")), 33 + 6);
});

test("a problem has an underline, a mark in the gutter, and a button that mends it", async (t) => {
  const page = await open(t);
  await page.evaluate(() => {
    const at = editor.text().indexOf("app: apj");
    editor.setProblems([{
      from: at, to: at + 8, severity: "warning", message: "Service web selects no pod.",
      hint: "Every request to it is refused.", source: "lint/selector-matches-nothing",
      actions: [{ name: "Change to app: api", edits: [{ from: at + 5, to: at + 8, insert: "api" }] }],
    }, { from: 0, to: 4, severity: "error", message: "x" }, { from: 14, to: 22, severity: "info", message: "y" }]);
    const name = editor.text().indexOf("name");
    editor.setCourse([{ from: name, to: name + 9, strong: true }, { from: 14, to: 23, strong: false }], true);
  });
  assert.equal(await page.locator(".cm-lint-marker-warning").count(), 1);
  assert.equal(await page.locator(".cm-course-line").count(), 2);
  assert.equal(await page.locator(".cm-course-strong").innerText(), "name: web");
  await page.locator(".cm-lintRange-warning").hover();
  const fix = page.getByRole("button", { name: "Change to app: api" });
  await fix.waitFor();
  await screenshot(page, "editor-problem");
  await fix.click();
  assert.match(await page.evaluate(() => editor.text()), /app: api\n/);
  assert.match((await page.evaluate(() => heard)).at(-1), /app: api\n/);
});

test("completion and hover ask the page", async (t) => {
  const page = await open(t, { colorScheme: "dark" });
  await page.getByRole("textbox", { name: "Manifests" }).focus();
  await page.keyboard.press("Control+End");
  await page.keyboard.press("Control+Space");
  await page.getByRole("option", { name: /clusterIP/ }).waitFor();
  await screenshot(page, "editor-completion-dark");
  await page.waitForTimeout(120); // CodeMirror ignores an Enter that comes too soon after opening.
  await page.keyboard.press("Enter");
  assert.match(await page.evaluate(() => editor.text()), /clusterIP$/);
  await page.locator(".cm-line").first().locator("span").first().hover();
  await page.getByText("What it is.").waitFor();
});

test("Escape and then Tab leaves the editor; Tab alone indents", async (t) => {
  const page = await open(t);
  await page.getByRole("textbox", { name: "Manifests" }).focus();
  await page.keyboard.press("Tab");
  assert.match(await page.evaluate(() => editor.text()), /^  kind/);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.id), "behind");
});

test("a read-only editor can be read and not changed", async (t) => {
  const page = await open(t);
  await page.evaluate(() => { editor.setReadOnly(true); editor.focus(); });
  await page.keyboard.type("zzz");
  assert.doesNotMatch(await page.evaluate(() => editor.text()), /zzz/);
});

test("no colour is written into the bundle's own theme", async () => {
  const theme = await readFile(`${root}editor/src/theme.js`, "utf8");
  assert.doesNotMatch(theme, /#[0-9a-f]{3,8}\b|rgba?\(|hsl/i);
});
