// What every end-to-end test needs: a static server, a browser, a page whose errors count.
//
//   import { test } from "node:test";
//   import { openPortolan } from "./harness.mjs";
//   test("…", async (t) => { const { page } = await openPortolan(t); … });

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { mkdir, readFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { chromium } from "playwright-core";

export const root = fileURLToPath(new URL("../../", import.meta.url));
export const dist = join(root, "dist");

const types = {
  ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".mjs": "text/javascript",
  ".css": "text/css", ".wasm": "application/wasm", ".svg": "image/svg+xml", ".json": "application/json",
  ".yaml": "text/plain; charset=utf-8", ".png": "image/png",
};
const packers = {
  br: (bytes, quality) => promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } }),
  gzip: (bytes, quality) => promisify(gzip)(bytes, { level: Math.min(quality, 9) }),
};

/** Size of these bytes as a good static host would send them. */
export const packedSize = async (bytes, encoding) => (await packers[encoding](bytes, 11)).length;

/**
 * Serves `folder` under `prefix` ("/" or "/some/path/"), compressed as a good host would, if less: that is quick.
 * `extra` maps paths below the prefix to `{type, body}`. `requests` lists the paths asked for.
 */
export async function serve(folder = dist, { prefix = "/", extra = {} } = {}) {
  const packed = new Map();
  const requests = [];
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://x").pathname);
    const refuse = (status) => response.writeHead(status, { "content-type": "text/plain" }).end(String(status));
    if (!path.startsWith(prefix)) return refuse(404);
    const name = path.slice(prefix.length) || "index.html";
    requests.push(name);
    const file = normalize(join(folder, name));
    if (!file.startsWith(normalize(folder))) return refuse(403);
    try {
      const own = extra[name];
      const bytes = own ? Buffer.from(own.body) : await readFile(file);
      const encoding = ["br", "gzip"].find((e) => request.headers["accept-encoding"]?.includes(e));
      const headers = { "content-type": own?.type ?? types[extname(name)] ?? "application/octet-stream" };
      let body = bytes;
      if (encoding) {
        const key = `${encoding} ${name}`;
        if (!packed.has(key)) packed.set(key, packers[encoding](bytes, 4));
        body = await packed.get(key);
        headers["content-encoding"] = encoding;
      }
      response.writeHead(200, headers).end(body);
    } catch {
      refuse(404);
    }
  });
  await new Promise((ready, failed) => server.once("error", failed).listen(0, "127.0.0.1", ready));
  return {
    url: `http://127.0.0.1:${server.address().port}${prefix}`,
    requests,
    close: () => new Promise((closed) => { server.close(closed); server.closeAllConnections(); }),
  };
}

const candidates = [
  process.env.CHROME, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** Starts the browser that `cargo xtask test` found, or one in a usual place. */
export function launch(options = {}) {
  const executablePath = candidates.find((file) => file && existsSync(file));
  assert.ok(executablePath, "no Chromium: name it in CHROME");
  return chromium.launch({
    executablePath,
    // Containers run as root and have a small /dev/shm.
    args: [
      "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ],
    ...options,
  });
}

// One server for a test file and one browser; both end with the process's last test.
let shared;
function sharedBrowser() {
  shared ??= (async () => ({ browser: await launch(), server: await serve() }))();
  return shared;
}

/** Ends what the tests of this file share. Call it in `after(close)`; `openPortolan` needs it not. */
export async function close() {
  if (!shared) return;
  const { browser, server } = await shared;
  shared = undefined;
  await browser.close();
  await server.close();
}

/** Opens any address in a fresh context; console errors and exceptions fail the test when it ends. */
export async function openPage(t, url, { allowErrors = [], ...context } = {}) {
  const { browser } = await sharedBrowser();
  const fresh = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...context });
  const page = await fresh.newPage();
  const errors = [];
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(`${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => errors.push(String(error.stack ?? error)));
  t.after(async () => {
    await fresh.close();
    const odd = errors.filter((text) => !allowErrors.some((pattern) => pattern.test(text)));
    assert.deepEqual(odd, [], "errors in the console");
  });
  if (url) await page.goto(url);
  return { page, context: fresh, errors };
}

/**
 * Opens Portolan and waits until it has drawn itself.
 * `query` and `hash` are added to the address; other options are Playwright's context options
 * (`viewport`, `colorScheme`, `reducedMotion`, `hasTouch`, …).
 */
export async function openPortolan(t, { query = "", hash = "", ...options } = {}) {
  const { server } = await sharedBrowser();
  const opened = await openPage(t, `${server.url}${query}${hash}`, options);
  await ready(opened.page);
  return opened;
}

/** Waits until the loading text has gone, the program has drawn something, and `window.portolan` has come with the tools. */
export async function ready(page) {
  await page.waitForFunction(() => {
    const failed = document.querySelector(".boot-word.failed");
    if (failed) throw new Error(failed.textContent);
    const app = document.getElementById("app");
    return app && app.childElementCount > 0 && !document.querySelector("#app > .boot") && window.portolan;
  }, undefined, { timeout: 30_000 });
}

/** The chosen request's trace, as the program has it. */
export const trace = (page) => page.evaluate(() => {
  const answer = window.portolan.trace();
  return typeof answer === "string" ? JSON.parse(answer) : answer;
});

/** What the page says of itself. */
export const state = (page) => page.evaluate(() => {
  const answer = window.portolan.state();
  return typeof answer === "string" ? JSON.parse(answer) : answer;
});

/** Puts a picture into target/screenshots. */
export async function screenshot(page, name) {
  const folder = join(root, "target", "screenshots");
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
