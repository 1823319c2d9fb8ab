// Pods that come and go, and time: what happens when somebody deletes a pod, waits, goes back.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { close, state, trace } from "./harness.mjs";
import { ask, chart, choose, hop, lens, openExample, podOf, readLog, served, service, tell } from "./journey.mjs";

after(close);

const STABLE = "A stable name for pods that come and go";
const shell = { from: "pod/default/shell" };
/** Pods that answered `n` requests for a name. */
async function answering(page, to, n) {
  const names = new Set();
  for (let i = 0; i < n; i++) {
    await tell(page, "sendRequest", { ...shell, to });
    names.add(served(await trace(page)));
  }
  await tell(page, "play", false);
  return names;
}

test("a deleted pod: its replacement is another, the address is dead, the name goes on", async (t) => {
  const page = await openExample(t, STABLE);
  const old = await podOf(page, "web-");
  assert.equal(served(await ask(page, { ...shell, to: old.ip, port: 8080 })), old.name);
  await choose(page, `Pod ${old.name},`);
  await page.getByRole("button", { name: "Delete pod" }).click();
  assert.equal((await podOf(page, old.name)).state, "terminating");
  assert.ok(!(await answering(page, "web", 12)).has(old.name), "no new request while it ends");

  await tell(page, "advance", 9_000);
  const { pods } = await chart(page);
  const webs = pods.filter((p) => p.name.startsWith("web-"));
  assert.equal(webs.length, 3, "the Deployment has made another");
  assert.ok(webs.every((p) => p.state === "ready"));
  assert.ok(webs.every((p) => p.name !== old.name && p.ip !== old.ip), "with another name and address");
  await page.getByText("It is not in the cluster at this time.").waitFor();

  const sent = await ask(page, { ...shell, to: old.ip, port: 8080 });
  assert.equal(sent.outcome, "TimedOut");
  const { legs } = await readLog(page);
  assert.match(legs.at(-1).why, /no pod has it: perhaps one that is gone/);
  assert.match(legs.at(-1).mend, /ask for a Service/);
  const names = await answering(page, "web", 24);
  assert.deepEqual([...names].sort(), webs.map((p) => p.name).sort());
});

test("a pod that is not ready gets no traffic; when none is, the Service refuses", async (t) => {
  const page = await openExample(t, STABLE);
  const webs = (await chart(page)).pods.filter((p) => p.name.startsWith("web-"));
  await choose(page, `Pod ${webs[0].name},`);
  await page.getByRole("button", { name: "Make it not ready" }).click();
  assert.equal((await podOf(page, webs[0].name)).state, "not ready");
  assert.match((await service(page, "web")).backing, /2 of 3 ready/);
  const names = await answering(page, "web", 20);
  assert.deepEqual([...names].sort(), [webs[1].name, webs[2].name].sort());
  // Its own address is in reach: readiness is for Services.
  assert.equal(served(await ask(page, { ...shell, to: webs[0].ip, port: 8080 })), webs[0].name);

  for (const pod of webs.slice(1)) {
    await choose(page, `Pod ${pod.name},`);
    await page.getByRole("button", { name: "Make it not ready" }).click();
  }
  let sent = await ask(page, { ...shell, to: "web" });
  assert.equal(sent.outcome, "Refused");
  assert.equal(hop(sent, "noEndpoints").reason.census.not_ready, 3);
  const { legs } = await readLog(page);
  assert.match(legs.at(-1).why, /3 pods matching, 3 not ready/);
  assert.match(legs.at(-1).mend, /its readiness probe must pass/);

  await choose(page, `Pod ${webs[1].name},`);
  await page.getByRole("button", { name: "Make it ready" }).click();
  sent = await ask(page, { ...shell, to: "web" });
  assert.equal(served(sent), webs[1].name);
  assert.equal(hop(sent, "endpoint").reason.pick, "Only");
});

test("keys step through the hops and back; the ends of time are a key away", async (t) => {
  const page = await openExample(t, STABLE);
  const sent = await ask(page, { ...shell, to: "web" });
  await lens(page, "Packet");
  await page.locator(".lens button[aria-pressed=true]").evaluate((e) => e.blur());
  const shown = async () => {
    const { hop, shown_ms } = await state(page);
    const now = await page.locator(".stage .course .number.is-now text").allTextContents();
    assert.deepEqual(now, [String(hop + 1)], "the stage shows the same hop");
    assert.equal(await page.locator("ol.legs > .leg.current .leg-number").textContent(), now[0], "and the log");
    return [hop, shown_ms];
  };
  const there = [await shown()];
  while (there.at(-1)[0] < sent.hops.length - 1) {
    await page.keyboard.press("ArrowRight");
    there.push(await shown());
    assert.ok(there.at(-1)[1] > there.at(-2)[1], "time goes on");
    assert.ok(there.length < 20);
  }
  assert.deepEqual([...new Set(there.map(([at]) => at))], sent.hops.map((_, i) => i), "no hop is left out");
  while ((await state(page)).hop > 0) {
    await page.keyboard.press("ArrowLeft");
    await shown();
  }
  const { now_ms } = await state(page);
  await page.keyboard.press("Home");
  assert.equal((await state(page)).shown_ms, 0);
  await page.keyboard.press("End");
  assert.equal((await state(page)).shown_ms, now_ms);
  assert.deepEqual(await trace(page), sent, "the same request all the time");
});

test("the slider shows any time again, and the speed is the clock's", async (t) => {
  const page = await openExample(t, STABLE);
  const old = await podOf(page, "web-");
  await tell(page, "advance", 2_000);
  await choose(page, `Pod ${old.name},`);
  await page.getByRole("button", { name: "Delete pod" }).click();
  await tell(page, "advance", 8_000);
  assert.ok(!(await chart(page)).pods.some((p) => p.name === old.name));
  const slider = page.getByRole("slider", { name: "Time" });
  await slider.fill("1000");
  assert.equal((await state(page)).shown_ms, 1_000);
  await page.locator(`.stage [aria-label^="Pod ${old.name}, ready"]`).waitFor({ state: "attached" });
  await slider.fill("9000");
  await page.locator(`.stage [aria-label^="Pod ${old.name},"]`).waitFor({ state: "detached" });
  // What is done in the past makes another future.
  await slider.fill("1000");
  assert.equal(served(await ask(page, { ...shell, to: old.ip, port: 8080 })), old.name);

  await page.getByLabel("Speed", { exact: true }).selectOption("400");
  const from = (await state(page)).shown_ms;
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("Space");
  const [real, simulated] = await page.evaluate(() => new Promise((done) => {
    const [start, began] = [performance.now(), window.portolan.state().shown_ms];
    const look = () => {
      const passed = performance.now() - start;
      if (passed < 400) return requestAnimationFrame(look);
      done([passed, window.portolan.state().shown_ms - began]);
    };
    look();
  }));
  await page.keyboard.press("Space");
  assert.ok((await state(page)).shown_ms > from);
  assert.ok(simulated > real * 2.5 && simulated < real * 5, `${simulated} ms in ${real} ms`);
});

test("the lenses show one and the same trace", async (t) => {
  const page = await openExample(t, "LoadBalancer");
  const { balancers } = await chart(page);
  const sent = await ask(page, { to: balancers[0].ip });
  await lens(page, "Packet");
  assert.equal(await page.locator("ol.legs > .leg").count(), sent.hops.length);
  assert.ok((await page.locator(".nat").count()) > 0, "addresses");
  await lens(page, "Concept");
  assert.deepEqual(await trace(page), sent);
  const legs = sent.hops.filter((h) => h.concept);
  assert.equal(await page.locator("ol.legs > .leg").count(), legs.length);
  assert.equal(await page.locator(".stage .course .number").count(), legs.length);
  assert.equal(await page.locator(".nat").count(), 0, "no addresses");
  const titles = await page.locator(".leg-title").allInnerTexts();
  assert.ok(titles.some((title) => title.includes("web → " + served(sent))), titles.join(" | "));
  await lens(page, "Packet");
  assert.deepEqual(await trace(page), sent);
});
