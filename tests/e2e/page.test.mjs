// The page as a person uses it: keys, editor, form, log, what is kept.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { close, openPortolan, ready, state, trace } from "./harness.mjs";

after(close);

/** Calls one of `window.portolan`'s functions. */
const tell = (page, name, value) => page.evaluate(([name, value]) => window.portolan[name](value), [name, value]);
const editor = (page) => page.locator(".cm-content");

/** Puts the cursor at the beginning of the text. */
async function toText(page) {
  await page.keyboard.press("/");
  await page.waitForFunction(() => document.activeElement?.closest(".cm-content"));
  await page.keyboard.press("Control+Home");
}

async function open(t, options) {
  const { page } = await openPortolan(t, options);
  await editor(page).waitFor({ state: "attached" });
  return page;
}

test("keys play, step, switch the lens and open the help", async (t) => {
  const page = await open(t);
  await page.keyboard.press("Space");
  assert.equal((await state(page)).playing, false);
  const before = await state(page);
  await page.keyboard.press("l");
  assert.equal((await state(page)).lens, "packet");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  const later = await state(page);
  assert.ok(later.shown_ms > before.shown_ms, "a step goes on in time");
  await page.keyboard.press("ArrowLeft");
  assert.ok((await state(page)).shown_ms < later.shown_ms, "and back");
  await page.keyboard.press("?");
  assert.ok(await page.locator("dialog.help").isVisible());
  await page.keyboard.press("Escape");
  assert.ok(!(await page.locator("dialog.help").isVisible()));
});

test("keys hold still while somebody types", async (t) => {
  const page = await open(t);
  await toText(page);
  await page.keyboard.type("# l p t ?\n");
  const now = await state(page);
  assert.equal(now.lens, "concept");
  assert.equal(now.playing, true);
  assert.match(now.text, /^# l p t \?\n/);
});

test("typing changes the cluster, and the log leads back to the text", async (t) => {
  const page = await open(t);
  await tell(page, "play", false);
  await tell(page, "sendRequest", { from: "pod/default/shell", to: "web" });
  const sent = await trace(page);
  assert.ok(sent.hops.length >= 3, "a way of several hops");
  assert.ok(sent.outcome.Served, "a pod answers");
  const text = (await state(page)).text.replace("app: web         #", "app: nothing     #");
  await tell(page, "edit", text);
  await tell(page, "sendRequest", { from: "pod/default/shell", to: "web" });
  assert.equal((await trace(page)).outcome, "Refused");
  await page.locator(".leg.failed").waitFor();
  assert.ok((await state(page)).problems > 0, "a lint says so");
  await page.locator(".problem-jump").first().click();
  await page.waitForFunction(() => document.activeElement?.closest(".cm-content"));
});

test("a broken document is said and the stage keeps the last good one", async (t) => {
  const page = await open(t);
  const { text } = await state(page);
  await tell(page, "edit", text.replace("metadata:", "metadata: ["));
  await page.locator(".banner").waitFor();
  assert.match(await page.locator(".banner").innerText(), /last good version of Service web/);
  await tell(page, "edit", text);
  await page.locator(".banner").waitFor({ state: "detached" });
});

test("the form says what is wrong with a request, and sends a right one", async (t) => {
  const page = await open(t);
  const to = page.getByRole("textbox", { name: "To", exact: true }).or(page.getByRole("combobox", { name: "To", exact: true }));
  await to.fill("not a name");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await page.locator(".flaw").waitFor();
  await to.fill("web.default");
  await page.locator(".flaw").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Send", exact: true }).click();
  const sent = await trace(page);
  assert.deepEqual(sent.request.to, { Name: "web.default" });
});

test("what appears takes the focus from nobody", async (t) => {
  const page = await open(t);
  const here = (selector) => page.evaluate((s) => document.activeElement?.matches(s), selector);
  await page.locator("#composer-to").fill("not a name");
  await page.keyboard.press("Enter");
  await page.locator(".flaw").waitFor();
  assert.ok(await here("#composer-to"), "the field with the flaw");
  await tell(page, "play", false);
  await page.locator(".leg-title").first().focus();
  await page.keyboard.press("Enter");
  await page.locator(".follow").waitFor();
  assert.ok(await here(".leg-title"), "the leg that was chosen");
  const { text } = await state(page);
  await toText(page);
  await page.keyboard.type("}");
  await page.locator(".banner").waitFor();
  assert.ok(await page.evaluate(() => Boolean(document.activeElement?.closest(".cm-content"))), "the editor");
  await page.keyboard.press("Backspace");
  await page.locator(".banner").waitFor({ state: "detached" });
  assert.equal((await state(page)).text, text, "typing goes on where it was");
});

test("an example opens from the list by keys", async (t) => {
  const page = await open(t);
  await page.locator(".picker-button").click();
  await page.getByRole("listbox").waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector(".picker-title").textContent === "ClusterIP");
  assert.ok(!(await page.getByRole("listbox").isVisible()));
  assert.match(await editor(page).innerText(), /kind: Service/);
});

test("a text is there after a reload, with a way back to the example", async (t) => {
  const page = await open(t);
  const { text } = await state(page);
  await toText(page);
  await page.keyboard.type("# mine\n");
  await page.waitForFunction(() => sessionStorage.getItem("portolan/text")?.startsWith("# mine"));
  await page.reload();
  await ready(page);
  assert.equal((await state(page)).text, `# mine\n${text}`);
  await page.getByRole("button", { name: "Back to the example" }).click();
  assert.equal((await state(page)).text, text);
  await page.getByRole("button", { name: "Back to your text" }).click();
  assert.equal((await state(page)).text, `# mine\n${text}`);
});

test("without the editor a plain field works", async (t) => {
  const { page } = await openPortolan(t, { allowErrors: [/editor\.js|Failed to load/] });
  await page.route("**/editor.js", (route) => route.abort());
  await page.reload();
  await ready(page);
  await page.getByText("plain field works").waitFor();
  await page.locator(".editor-plain").fill("kind: Nothing");
  await page.waitForFunction(() => window.portolan.state().text === "kind: Nothing");
});

test("without the second module the stage lives, and the page says what is missing", async (t) => {
  const { page } = await openPortolan(t, { allowErrors: [/tools-|Failed to load|fetch/] });
  await page.route("**/tools-*.wasm", (route) => route.abort());
  await page.reload();
  await page.getByText("could not be loaded").waitFor();
  const before = await page.locator(".caption").textContent();
  await page.waitForFunction((was) => document.querySelector(".caption").textContent !== was, before);
  assert.ok(await page.locator(".leg").count());
});

test("the clock stands while nothing plays, and no frame is asked for", async (t) => {
  const page = await open(t);
  await page.keyboard.press("Space");
  await page.waitForTimeout(400);
  const frames = await page.evaluate(() => new Promise((done) => {
    let asked = 0;
    const own = window.requestAnimationFrame;
    window.requestAnimationFrame = (f) => { asked++; return own(f); };
    setTimeout(() => done(asked), 500);
  }));
  assert.equal(frames, 0);
});

for (const [width, height] of [[1440, 900], [1024, 768], [640, 360], [390, 844], [360, 640]]) {
  test(`nothing hangs over at ${width} × ${height}`, async (t) => {
    const page = await open(t, { viewport: { width, height } });
    for (const panel of ["stage", "text", "route"]) {
      const button = page.locator(`.panels .${panel}`);
      if (await button.isVisible()) await button.click();
      const over = await page.evaluate(() => ({
        sideways: document.documentElement.scrollWidth - innerWidth,
        cut: [...document.querySelectorAll(".topbar button, .timeline button, .timeline select, .side button, .side input")]
          .filter((e) => e.checkVisibility() && !e.closest(".route, .details"))
          .map((e) => [e.className || e.tagName, e.getBoundingClientRect()])
          .filter(([, r]) => r.width > 0 && (r.right > innerWidth + 1 || r.left < -1 || r.bottom > innerHeight + 1))
          .map(([name]) => name),
      }));
      assert.deepEqual(over, { sideways: 0, cut: [] }, panel);
    }
  });
}

test("every control has a name", async (t) => {
  const page = await open(t);
  const nameless = await page.evaluate(() =>
    [...document.querySelectorAll("button, input, select, textarea, a[href], [role=button]")]
      .filter((e) => e.checkVisibility() && !e.closest(".cm-editor"))
      .filter((e) => !(e.getAttribute("aria-label") || e.textContent.trim() || e.labels?.length || e.title))
      .map((e) => e.outerHTML.slice(0, 120)));
  assert.deepEqual(nameless, []);
});
