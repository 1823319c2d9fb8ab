import assert from "node:assert/strict";
import { after, test } from "node:test";
import { close, openPage, openPortolan, ready, screenshot, serve } from "./harness.mjs";

after(close);

test("the page opens without an error", async (t) => {
  const { page } = await openPortolan(t);
  assert.match(await page.title(), /Portolan/);
  assert.match(await page.locator("#app").innerText(), /Portolan/);
  await screenshot(page, "smoke");
});

test("the page works under any path", async (t) => {
  const server = await serve(undefined, { prefix: "/docs/charts/portolan/" });
  t.after(server.close);
  const { page } = await openPage(t, server.url);
  await ready(page);
  assert.match(await page.locator("#app").innerText(), /Portolan/);
  // The editor comes last, and from the same path.
  await page.locator(".cm-editor").waitFor();
});

test("a page that cannot load its program says so", async (t) => {
  const { page } = await openPage(t, null, { allowErrors: [/./] });
  const server = await serve();
  t.after(server.close);
  await page.route("**/*.wasm", (route) => route.fulfill({ status: 404, body: "gone" }));
  await page.goto(server.url);
  const alert = page.getByRole("alert");
  await alert.waitFor();
  assert.match(await alert.innerText(), /could not start/);
});

test("no inline script and nothing from elsewhere is needed", async (t) => {
  const { page } = await openPortolan(t);
  const policy = await page.locator("meta[http-equiv=Content-Security-Policy]").getAttribute("content");
  assert.match(policy, /script-src 'self' 'wasm-unsafe-eval'/);
  const foreign = await page.evaluate(() =>
    performance.getEntriesByType("resource").map((e) => e.name).filter((n) => !n.startsWith(location.origin)));
  assert.deepEqual(foreign, []);
});
