// A request as a person sends it, and all that the page says about it compared with the trace's own data.

import assert from "node:assert/strict";
import { openPortolan, state, trace } from "./harness.mjs";

/** The client outside, unless a request says another. */
export const OUTSIDE = "203.0.113.9";

/** Calls one of `window.portolan`'s functions. */
export const tell = (page, name, value) =>
  page.evaluate(([name, value]) => window.portolan[name](value), [name, value]);

/** Stops time and the cluster's own requests, so that nothing happens but what a test does. */
async function hush(page) {
  await tell(page, "play", false);
  const traffic = page.getByRole("switch");
  if ((await traffic.getAttribute("aria-checked")) === "true") await traffic.click();
  await page.locator("[role=switch][aria-checked=false]").waitFor();
}

async function open(t, options) {
  const { page } = await openPortolan(t, options);
  page.setDefaultTimeout(10_000);
  await page.locator(".cm-content").waitFor({ state: "attached" });
  await tell(page, "play", false);
  return page;
}

/** Opens an example by its title, from the page's own list. */
export async function openExample(t, title, options) {
  const page = await open(t, options);
  await page.locator(".picker-button").click();
  const entry = page.locator(".picker-entry").getByText(title, { exact: true });
  await entry.click();
  await page.locator(".picker-title").getByText(title, { exact: true }).waitFor();
  await hush(page);
  return page;
}

/** Opens the page with a text that was pasted into the editor. */
export async function openText(t, text, options) {
  const page = await open(t, options);
  await paste(page, text);
  await hush(page);
  // Pods need their time to start.
  await tell(page, "advance", 4_000);
  return page;
}

/** Pastes over the whole text, as Ctrl+A and Ctrl+V do. */
export async function paste(page, text) {
  await page.locator(".cm-content").focus();
  await page.keyboard.press("Control+a");
  await page.evaluate((text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
    document.querySelector(".cm-content").dispatchEvent(event);
  }, text);
}

/** The cluster as the stage shows it, read from what a screen reader would say. */
export async function chart(page) {
  const labels = await page.locator(".stage svg.map > [aria-label]").evaluateAll((all) =>
    all.map((e) => e.getAttribute("aria-label")));
  const read = (pattern, names) => labels.map((label) => pattern.exec(label)).filter(Boolean)
    .map((found) => Object.fromEntries(names.map((name, i) => [name, found[i + 1]])));
  return {
    labels,
    pods: read(/^Pod ([^,]+), ([^,]+), (\S+) on ([^\s:]+)(?:: (.*))?$/, ["name", "state", "ip", "node", "why"]),
    nodes: read(/^Node ([^,]+), ([^,]+), /, ["name", "ip"]),
    balancers: read(/^Load balancer of Service ([^,]+), (\S+)$/, ["name", "ip"]),
    services: read(/^Service ([^,]+), ([^,]+), ([^,]+), (.*)$/, ["name", "type", "ip", "backing"]),
  };
}

/** Sends a request through the form and answers with its trace. */
export async function ask(page, { from, client = OUTSIDE, to, port = "", protocol = "TCP", host = "", path = "" }) {
  const form = page.locator("form.composer");
  if (!(await form.locator("details.more").evaluate((e) => e.open))) await form.locator("summary").click();
  const start = form.locator(".field.from select");
  const wanted = from ?? `internet/${client}`;
  if ((await start.inputValue()) !== wanted) await start.selectOption(from ?? { label: "the internet" });
  const fields = [
    ["Port", String(port)], ["Host header", host], ["Path", path], ...(from ? [] : [["Address of the client", client]]),
  ];
  await form.locator("#composer-to").fill(to);
  for (const [name, value] of fields) {
    const field = form.getByLabel(name, { exact: true });
    if ((await field.inputValue()) !== value) await field.fill(value);
  }
  const kind = form.getByRole("combobox", { name: "Protocol" });
  if ((await kind.inputValue()) !== protocol) await kind.selectOption(protocol);
  await form.getByRole("button", { name: "Send", exact: true }).click();
  await tell(page, "play", false);
  assert.deepEqual(await form.locator(".flaw").allInnerTexts(), [], "the form takes it");
  return trace(page);
}

/** Switches the lens by its button. */
export async function lens(page, name) {
  await page.locator(".topbar").getByRole("button", { name, exact: true }).click();
  assert.equal((await state(page)).lens, name.toLowerCase());
}

const line = (packet) =>
  `${packet.source_ip} → ${packet.destination_ip}:${packet.destination_port}`;

/**
 * Goes through the log of the followed request leg by leg, as a person who clicks each, and compares log,
 * editor and stage with the trace. Answers with `{trace, legs}`; a leg has `title`, `why`, `mend`, `fields`.
 */
export async function readLog(page) {
  const now = await state(page);
  if (now.lens !== "packet") await lens(page, "Packet");
  const tab = page.locator(".side-tabs").getByRole("button", { name: "Route", exact: true });
  if ((await tab.getAttribute("aria-pressed")) !== "true") await tab.click();
  const sent = await trace(page);
  const legs = [];
  assert.equal(await page.locator("ol.legs > .leg").count(), sent.hops.length, "a leg for each hop");
  for (const [i, hop] of sent.hops.entries()) {
    const leg = await readLeg(page, i, now.text);
    compare(leg, hop, i, sent);
    legs.push(leg);
  }
  return { trace: sent, legs };
}

/** Clicks leg `i` and reads what the page shows then. */
async function readLeg(page, i, text) {
  const leg = await page.evaluate(async (i) => {
    const words = (e) => e?.textContent ?? "";
    const find = () => document.querySelectorAll("ol.legs > .leg")[i];
    find().querySelector(".leg-title").click();
    // The page draws when it comes to it; on a busy machine that is not at once.
    for (let tries = 0; tries < 100; tries++) {
      await new Promise((drawn) => setTimeout(drawn, tries && 20));
      if (find()?.classList.contains("current")) break;
    }
    const leg = find();
    const course = document.querySelector(".stage svg.map > .course");
    const number = (e) => words(e.querySelector("text"));
    return {
      number: words(leg.querySelector(".leg-number")),
      title: words(leg.querySelector(".leg-title")),
      why: words(leg.querySelector(".why")),
      mend: words(leg.querySelector(".mend")),
      failed: leg.classList.contains("failed"),
      current: leg.classList.contains("current"),
      before: words(leg.querySelector(".nat s")),
      after: words(leg.querySelector(".nat .now")),
      kinds: [...leg.querySelectorAll(".nat-kinds abbr")].map(words),
      fields: [...leg.querySelectorAll(".field-ref")].map((e) => ({
        path: words(e.querySelector(".field-path")),
        place: words(e.querySelector(".place")),
      })),
      stage: {
        numbers: [...course.querySelectorAll(".number")].map(number),
        now: [...course.querySelectorAll(".number.is-now")].map(number),
        ways: course.querySelectorAll(".leg .way").length,
        bubble: words(course.querySelector(".bubble")),
        end: words(course.querySelector(".end text")),
        ending: course.querySelector(".end")?.getAttribute("class") ?? "",
      },
    };
  }, i);
  // The lines that decided are lit up, the first one in view and strongest.
  const lines = text.split("\n");
  for (const field of leg.fields.filter((f) => f.place)) {
    const [row, column] = field.place.split(":").map(Number);
    field.row = row;
    field.text = lines[row - 1].slice(column - 1);
  }
  const first = leg.fields[0];
  if (first?.row) {
    await page.waitForFunction(([row, text]) => {
      const rows = [...document.querySelectorAll(".cm-gutterElement.cm-course-gutter")].map((e) => e.textContent);
      const strong = [...document.querySelectorAll(".cm-course-line-strong")].map((e) => e.textContent);
      return rows.includes(String(row)) && strong.includes(text);
    }, [first.row, lines[first.row - 1]], { timeout: 5_000 });
  }
  return leg;
}

const ends = {
  Refused: ["refused", "is-refused"], TimedOut: ["no answer", "is-dropped"], NxDomain: ["no such name", "is-refused"],
  NoData: ["no address", "is-refused"], NotSent: ["not sent", "is-refused"],
};

/** How the stage must mark this outcome. */
function ending(outcome) {
  if (typeof outcome === "string") return ends[outcome];
  const [[kind, more]] = Object.entries(outcome);
  if (kind === "ServedOutside") return ["answered", "is-served"];
  return [String(more.status), kind === "HttpError" ? "is-refused" : "is-served"];
}

function compare(leg, hop, i, sent) {
  const what = `leg ${i + 1}, ${hop.reason.because}`;
  assert.equal(leg.number, String(i + 1), what);
  assert.ok(leg.current, `${what}: it is the current one`);
  assert.ok(leg.title && leg.why, `${what}: has a title and a reason`);
  assert.equal(leg.failed, hop.kind === "Fail", what);
  assert.equal(Boolean(leg.mend), hop.kind === "Fail", `${what}: what would mend it stands where it failed`);
  const changed = hop.before && hop.after && line(hop.before) !== line(hop.after);
  assert.equal(leg.before, changed ? line(hop.before) : "", what);
  assert.equal(leg.after, changed ? line(hop.after) : "", what);
  if (hop.kind === "Rewrite") {
    const to = (p) => `${p.destination_ip}:${p.destination_port}`;
    const kinds = [];
    if (to(hop.before) !== to(hop.after)) kinds.push("DNAT");
    if (hop.before.source_ip !== hop.after.source_ip) kinds.push("SNAT");
    assert.deepEqual(leg.kinds, kinds, what);
    if (kinds.includes("DNAT")) assert.ok(leg.stage.bubble.includes(to(hop.after)), `${what}: ${leg.stage.bubble}`);
    if (kinds.includes("SNAT")) assert.ok(leg.stage.bubble.includes(hop.after.source_ip), what);
  }
  assert.equal(leg.fields.length, hop.fields.length, `${what}: a place for each field`);
  for (const [n, field] of hop.fields.entries()) {
    assert.ok(leg.fields[n].path.includes(field.path), `${what}: ${leg.fields[n].path} is ${field.path}`);
  }
  // The stage: all legs are numbered, this one is the current one, the end is marked.
  assert.deepEqual(leg.stage.numbers, sent.hops.map((_, n) => String(n + 1)), `${what}: numbers on the stage`);
  assert.deepEqual(leg.stage.now, [String(i + 1)], `${what}: the current number on the stage`);
  const moves = sent.hops.filter((h) => JSON.stringify(h.from) !== JSON.stringify(h.to)).length;
  assert.ok(leg.stage.ways >= moves, `${what}: a way for each move`);
  if (i + 1 === sent.hops.length) {
    const [word, shape] = ending(sent.outcome);
    assert.ok(leg.stage.end.endsWith(word), `${what}: the stage says ${leg.stage.end}, not ${word}`);
    assert.ok(leg.stage.ending.includes(shape), `${what}: ${leg.stage.ending}`);
  } else {
    assert.equal(leg.stage.end, "", what);
  }
}

/** The hop with this reason; fails where there is none. */
export function hop(sent, because) {
  const found = sent.hops.find((h) => h.reason.because === because);
  assert.ok(found, `no hop because of ${because}, but ${sent.hops.map((h) => h.reason.because).join(", ")}`);
  return found;
}

/** Reasons of all hops, in order. */
export const reasons = (sent) => sent.hops.map((h) => h.reason.because);

/** The pod of a name, or the first whose name begins so, as the stage shows it. */
export const podOf = async (page, name) => {
  const { pods } = await chart(page);
  const own = (p) => p.name.split("/").at(-1);
  const pod = pods.find((p) => own(p) === name) ?? pods.find((p) => own(p).startsWith(name));
  assert.ok(pod, `${name} is none of ${pods.map((p) => p.name).join(", ")}`);
  return pod;
};

/** A Service as the stage shows it. */
export const service = async (page, name) => (await chart(page)).services.find((s) => s.name === name);

/** The name of the pod that answered; fails where none did. */
export const served = (sent) => {
  assert.ok(sent.outcome.Served, `not served: ${JSON.stringify(sent.outcome)}`);
  return sent.outcome.Served.pod.name;
};

/** The leg of a log with this reason. */
export const legOf = (log, because) => log.legs[log.trace.hops.indexOf(hop(log.trace, because))];

/** Fails unless a leg leads to a field, and that to this text. */
export const cites = (leg, path, text) => {
  const field = leg.fields.find((f) => f.path.endsWith(path));
  assert.ok(field, `${path} is none of ${leg.fields.map((f) => f.path).join(", ")}`);
  if (text) assert.ok(field.text?.startsWith(text), `${field.path} at ${field.place} is “${field.text}”, not “${text}”`);
};

/** Chooses an object on the stage by the beginning of its label. */
export async function choose(page, label) {
  const piece = page.locator(`.stage svg.map > [role=button][aria-label^="${label}"]`);
  if ((await piece.getAttribute("aria-pressed")) !== "true") await piece.press("Enter");
  await page.locator(".details").waitFor();
}
