// Why not: what the API server refuses of an edit, and the sheet of conditions.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { close, state } from "./harness.mjs";
import { ask, choose, openExample, openText } from "./journey.mjs";

after(close);

const shop = `apiVersion: v1
kind: Service
metadata:
  name: api
  namespace: blue
spec:
  selector:
    app: api
  ports:
  - port: 80
    targetPort: 8080
---
apiVersion: v1
kind: Pod
metadata:
  name: api
  namespace: blue
  labels:
    app: api
spec:
  containers:
  - name: api
    image: traefik/whoami:v1.10
    ports:
    - containerPort: 8080
---
apiVersion: v1
kind: Pod
metadata:
  name: shell
spec:
  containers:
  - name: shell
    image: busybox:1.37
`;

const problem = (page, text) => page.locator(".problem").filter({ hasText: text });

/** Types a line below the one that holds some text. */
async function typeBelow(page, text, typed) {
  await page.locator(".cm-content").focus();
  await page.locator(".cm-line").filter({ hasText: text }).first().click();
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await page.keyboard.type(typed);
}

const sheet = (page) => page.locator(".why-sheet");
const tab = (page, name) => page.locator(".side-tabs").getByRole("button", { name, exact: true });

/** Rows of the table of the sheet: condition, whether it holds, wanted, found. */
const rows = (page) => sheet(page).locator(".conditions tbody").evaluateAll((all) => all.map((body) => [
  body.querySelector("th").innerText.replace(/^[✓✕·]\s*/, "").trim(), body.className,
  ...[...body.querySelectorAll("tr:first-child td")].map((e) => e.innerText),
]));

test("a cluster IP that is typed later is refused, the Service stays, and can be made anew", async (t) => {
  const page = await openText(t, shop);
  const service = page.locator('.stage [aria-label^="Service "][aria-label*="api"]').first();
  const before = await service.getAttribute("aria-label");
  await typeBelow(page, "spec:", "  clusterIP: 10.96.0.77");
  const refused = problem(page, "may not change once set");
  // What is said follows each letter.
  await refused.filter({ hasText: "10.96.0.77" }).waitFor();
  assert.match(await refused.innerText(),
    /spec\.clusterIPs\[0\]: Invalid value: \["10\.96\.0\.77"\]: may not change once set/);
  assert.match(await refused.locator(".hint").innerText(), /Service api stays as it was/);
  assert.equal(await service.getAttribute("aria-label"), before, "the stage has it as it was");
  assert.equal((await state(page)).problems, 1, "and nothing else is said");
  await refused.getByRole("button", { name: "Delete Service api and create it anew" }).click();
  await page.locator('.stage [aria-label*="10.96.0.77"]').first().waitFor({ state: "attached" });
  assert.equal((await state(page)).problems, 0);
});

test("a name in a namespace that is not there leads to the sheet, and the sheet to what was meant", async (t) => {
  const page = await openText(t, shop);
  const sent = await ask(page, { from: "pod/default/shell", to: "api.red" });
  assert.equal(sent.outcome, "NxDomain");
  await tab(page, "Route").click();
  const leg = page.locator(".leg.failed");
  assert.match(await leg.locator(".why").innerText(), /There is no namespace red\..*public DNS, which is taken not to know it/s);
  await leg.getByRole("button", { name: "Why not?" }).click();
  assert.equal(await tab(page, "Why not?").getAttribute("aria-pressed"), "true");
  assert.equal(await sheet(page).locator(".verdict").innerText(), "There is no such name.");
  const tried = await rows(page);
  assert.deepEqual(tried.map(([name]) => name), [
    "api.red.default.svc.cluster.local", "api.red.svc.cluster.local", "api.red.cluster.local", "api.red",
  ]);
  assert.ok(tried.every(([, kind, answer]) => kind === "fails" && answer === "no such name"));
  await sheet(page).locator(".nearby").getByRole("button", { name: "api.blue" }).click();
  assert.equal(await sheet(page).locator(".verdict").innerText(), "Found as api.blue.svc.cluster.local.");
  assert.equal(await sheet(page).getByLabel("Name", { exact: true }).inputValue(), "api.blue");
});

test("a problem leads to its pod, and a condition to its place in the text", async (t) => {
  const page = await openExample(t, "A selector that matches nothing");
  await problem(page, "no pod in namespace default").getByRole("button", { name: "Why not?" }).click();
  assert.match(await sheet(page).locator(".verdict").innerText(), /^api does not select api-\S+\.$/);
  const label = (await rows(page)).find(([name]) => name === "label app");
  assert.deepEqual(label, ["label app", "fails", "apj", "api"]);
  // Another pod, by the keyboard.
  const pods = sheet(page).getByRole("combobox", { name: "Pod" });
  await pods.selectOption("shell");
  assert.equal(await sheet(page).locator(".verdict").innerText(), "api does not select shell.");
  assert.deepEqual((await rows(page)).find(([name]) => name === "label app"), ["label app", "fails", "apj", "none"]);
  await sheet(page).locator(".fails button.field-ref").first().press("Enter");
  await page.waitForFunction(() => document.activeElement?.closest(".cm-content"));
});

test("every rule says what it does with a request", async (t) => {
  const page = await openExample(t, "Ingress with two hosts and three paths");
  await choose(page, "Ingress front");
  await page.locator(".details").getByRole("button", { name: "Why not…" }).click();
  assert.equal(await sheet(page).getByLabel("Host", { exact: true }).inputValue(), "shop.example.com");
  await sheet(page).getByLabel("Path", { exact: true }).fill("/api/v1");
  assert.equal(await sheet(page).locator(".verdict").innerText(), "front takes it, and api:80 answers.");
  const rules = await sheet(page).locator(".rule summary").allInnerTexts();
  assert.match(rules[0], /shop\.example\.com\/api \(Prefix\) → api:80\s+front: takes the request/);
  assert.match(rules[1], /shop\.example\.com\/ \(Prefix\) → web:80\s+front: matches; .* more exact or older/);
  assert.match(rules[2], /docs\.example\.com\/guide \(Exact\) → docs:80\s+front: is for another host/);
  await sheet(page).getByLabel("Host", { exact: true }).fill("nobody.example.com");
  assert.match(await sheet(page).locator(".verdict").innerText(), /No rule takes this request/);
});

test("the sheet fits a phone", async (t) => {
  const page = await openExample(t, "Ingress with two hosts and three paths");
  await page.setViewportSize({ width: 390, height: 844 });
  await page.locator(".panels .route").click();
  await tab(page, "Why not?").click();
  for (const kind of ["Pod", "Request", "Name"]) {
    await sheet(page).locator(".segments").getByRole("button", { name: kind, exact: true }).click();
    await sheet(page).locator(".conditions").first().waitFor();
    const [wide, room] = await sheet(page).evaluate((e) => [e.scrollWidth, e.clientWidth]);
    assert.ok(wide <= room, `${kind}: ${wide} in ${room}`);
  }
});
