// The text: typing, breaking, pasting; and what hostile texts do to the page.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { close, openPortolan, state, trace } from "./harness.mjs";
import {
  ask, chart, choose, hop, openExample, openText, paste, podOf, readLog, served, service, tell,
} from "./journey.mjs";

after(close);

const shell = { from: "pod/default/shell" };

/** Puts the cursor behind some text of the editor, as a click and a few keys do. */
async function cursorBehind(page, text) {
  await page.locator(".cm-content").focus();
  await page.keyboard.press("Control+Home");
  const line = page.locator(".cm-line").filter({ hasText: text }).first();
  await line.click();
  const [before] = (await line.textContent()).split(text);
  const indent = /^\s*/.exec(before)[0].length;
  await page.keyboard.press("Home");
  for (let i = indent; i < before.length + text.length; i++) await page.keyboard.press("ArrowRight");
}

test("a selector that matches nothing refuses, and a letter typed mends it", async (t) => {
  const page = await openExample(t, "A selector that matches nothing");
  assert.match((await service(page, "api")).backing, /no endpoints · refuses/);
  let sent = await ask(page, { ...shell, to: "api" });
  assert.equal(sent.outcome, "Refused");
  const { legs } = await readLog(page);
  assert.match(legs[0].why, /is Service api: its cluster IP, whether or not a pod is ready/);
  assert.match(legs.at(-1).why, /no usable endpoint anywhere: refused at once\. Its selector matches no pod/);
  assert.match(legs.at(-1).mend, /Make the selector equal to the pods’ labels/);
  assert.ok(legs.at(-1).fields.some((f) => f.path.includes("spec.selector") && f.text.startsWith("selector")));

  await choose(page, "Service api,");
  const rows = page.locator(".why-not .standing");
  const why = await rows.evaluateAll((all) => all.map((e) => ["button.link", ".standing-why"].map((part) => e.querySelector(part).textContent)));
  assert.deepEqual(why.map(([name]) => name).sort(), (await chart(page)).pods.map((p) => p.name).sort(), "every pod");
  for (const [name, words] of why) {
    assert.equal(words, name === "shell" ? "has no label app (wanted “apj”)" : "app is “api”, not “apj”", name);
  }
  for (const pod of (await chart(page)).pods.filter((p) => p.name.startsWith("api-"))) {
    assert.equal(pod.why, "app is “api”, not “apj”", "the stage says so too");
  }
  await rows.filter({ hasText: "api-" }).first().getByRole("button", { name: "All conditions of this pod" }).click();
  const fails = page.locator(".conditions .fails");
  assert.match(await fails.first().innerText(), /app is “api”, not “apj”/);
  await fails.locator("button.field-ref").first().click();
  await page.waitForFunction(() => document.activeElement?.closest(".cm-content"));

  await cursorBehind(page, "app: apj");
  await page.keyboard.press("Backspace");
  await page.keyboard.type("i");
  await page.locator('.stage [aria-label^="Service api,"][aria-label$="3 ready"]').waitFor({ state: "attached" });
  const now = await page.locator(".why-not .standing-why").allInnerTexts();
  assert.deepEqual(now.sort(), ["has no label app (wanted “api”)", ...Array(3).fill("is an endpoint")]);
  assert.equal(await page.locator(".stage .pod.is-member").count(), 3, "its pods light up");
  sent = await ask(page, { ...shell, to: "api" });
  assert.match(served(sent), /^api-/);
  assert.equal((await state(page)).problems, 0);
});

test("what does not parse leaves its last good version, and the other documents live", async (t) => {
  const page = await openExample(t, "ClusterIP");
  const before = await chart(page);
  const replicas = (all) => all.pods.filter((p) => p.name.startsWith("api-")).length;
  assert.equal(replicas(before), 3);
  await cursorBehind(page, "type: ClusterIP");
  await page.keyboard.type(": x");
  await page.locator(".banner").waitFor();
  assert.ok(await page.evaluate(() => document.activeElement?.closest(".cm-content")), "the editor keeps the focus");
  assert.match(await page.locator(".banner").innerText(), /^Line \d+ cannot be read; the stage still shows the last good version of Service api\.$/);
  assert.ok((await page.locator(".stage .is-stale").count()) > 0, "marked on the stage");
  const { text } = await state(page);
  await tell(page, "edit", text.replace("replicas: 3", "replicas: 4"));
  await page.locator(".banner").waitFor();
  await tell(page, "advance", 4_000);
  assert.equal(replicas(await chart(page)), 4, "the Deployment has one more");
  const client = await podOf(page, "frontend-");
  assert.match(served(await ask(page, { from: `pod/default/${client.name}`, to: "api" })), /^api-/);
  await cursorBehind(page, "type: ClusterIP: x");
  for (let i = 0; i < 3; i++) await page.keyboard.press("Backspace");
  await page.locator(".banner").waitFor({ state: "detached" });
  assert.equal(await page.locator(".stage .is-stale").count(), 0);
});

const web = { apiVersion: "v1", kind: "Pod", metadata: { name: "web", labels: { app: "web" } },
  spec: { containers: [{ name: "web", image: "example/web", ports: [{ containerPort: 8080 }] }] } };
const toWeb = { apiVersion: "v1", kind: "Service", metadata: { name: "web" },
  spec: { selector: { app: "web" }, ports: [{ port: 80, targetPort: 8080 }] } };
const client = { apiVersion: "v1", kind: "Pod", metadata: { name: "shell" },
  spec: { containers: [{ name: "shell", image: "example/shell" }] } };

for (const [what, text] of [
  ["a JSON List", JSON.stringify({ apiVersion: "v1", kind: "List", items: [toWeb, web, client] }, null, 2)],
  ["a JSON List on one line", JSON.stringify({ apiVersion: "v1", kind: "List", items: [toWeb, web, client] })],
  ["JSON documents one after another", [toWeb, web, client].map((o) => JSON.stringify(o)).join("\n---\n")],
  ["a YAML List", `apiVersion: v1\nkind: List\nitems:\n${[toWeb, web, client].map((o) => `- ${JSON.stringify(o)}`).join("\n")}\n`],
]) {
  test(`pasted: ${what}`, async (t) => {
    const page = await openText(t, text);
    assert.equal((await state(page)).text, text);
    assert.equal((await state(page)).problems, 0, await page.locator(".problems").innerText());
    const sent = await ask(page, { ...shell, to: "web" });
    assert.equal(served(sent), "web");
    assert.equal(hop(sent, "endpoint").after.destination_port, 8080);
    const { legs } = await readLog(page);
    const leg = legs.find((l) => l.fields.some((f) => f.path.includes("spec.ports[0].targetPort")));
    assert.match(leg.fields[0].text, /^"targetPort":\s?8080/, "the place in the JSON");
  });
}

const managed = (manager) => `    managedFields:
    - apiVersion: v1
      fieldsType: FieldsV1
      fieldsV1:
        f:metadata:
          f:labels:
            .: {}
            f:app: {}
        f:spec:
          f:containers:
            k:{"name":"web"}:
              .: {}
              f:image: {}
      manager: ${manager}
      operation: Update
      time: "2026-03-01T09:00:00Z"
`;
const DUMP = `apiVersion: v1
items:
- apiVersion: v1
  kind: Service
  metadata:
    annotations:
      kubectl.kubernetes.io/last-applied-configuration: |
        {"apiVersion":"v1","kind":"Service","metadata":{"name":"web","namespace":"shop"}}
    creationTimestamp: "2026-03-01T09:00:00Z"
${managed("kubectl-client-side-apply")}    name: web
    namespace: shop
    resourceVersion: "4711"
    uid: 0b1c2d3e-0000-4000-8000-000000000001
  spec:
    clusterIP: 10.43.12.34
    clusterIPs:
    - 10.43.12.34
    internalTrafficPolicy: Cluster
    ipFamilies:
    - IPv4
    ipFamilyPolicy: SingleStack
    ports:
    - port: 80
      protocol: TCP
      targetPort: 8080
    selector:
      app: web
    sessionAffinity: None
    type: ClusterIP
  status:
    loadBalancer: {}
${["web-7d4b9c-x2k8f", "shell"].map((name, i) => `- apiVersion: v1
  kind: Pod
  metadata:
    creationTimestamp: "2026-03-01T09:00:00Z"
    labels:
      app: ${name.split("-")[0]}
${managed("kube-controller-manager")}    name: ${name}
    namespace: shop
    resourceVersion: "481${i}"
    uid: 0b1c2d3e-0000-4000-8000-00000000001${i}
  spec:
    containers:
    - image: example/web:1
      imagePullPolicy: IfNotPresent
      name: web
      ports:
      - containerPort: 8080
        protocol: TCP
      resources: {}
      terminationMessagePath: /dev/termination-log
    dnsPolicy: ClusterFirst
    enableServiceLinks: true
    nodeName: worker-${i + 1}
    restartPolicy: Always
    tolerations:
    - effect: NoExecute
      key: node.kubernetes.io/not-ready
      operator: Exists
      tolerationSeconds: 300
  status:
    conditions:
    - lastTransitionTime: "2026-03-01T09:00:05Z"
      status: "True"
      type: Ready
    containerStatuses:
    - name: web
      ready: true
      restartCount: 0
      started: true
    hostIP: 192.168.7.${i + 1}
    phase: Running
    podIP: 10.42.${i + 1}.7
    podIPs:
    - ip: 10.42.${i + 1}.7
    startTime: "2026-03-01T09:00:00Z"
`).join("")}- addressType: IPv4
  apiVersion: discovery.k8s.io/v1
  endpoints:
  - addresses:
    - 10.42.1.7
    conditions:
      ready: true
      serving: true
      terminating: false
    nodeName: worker-1
    targetRef:
      kind: Pod
      name: web-7d4b9c-x2k8f
      namespace: shop
  kind: EndpointSlice
  metadata:
    labels:
      endpointslice.kubernetes.io/managed-by: endpointslice-controller.k8s.io
      kubernetes.io/service-name: web
    name: web-abcde
    namespace: shop
    ownerReferences:
    - apiVersion: v1
      blockOwnerDeletion: true
      controller: true
      kind: Service
      name: web
      uid: 0b1c2d3e-0000-4000-8000-000000000001
  ports:
  - name: ""
    port: 8080
    protocol: TCP
kind: List
metadata:
  resourceVersion: ""
`;

test("pasted: what kubectl get -o yaml prints", async (t) => {
  const page = await openText(t, DUMP);
  assert.equal((await state(page)).problems, 0, await page.locator(".problems").innerText());
  const { pods } = await chart(page);
  assert.deepEqual(pods.map((p) => [p.name, p.ip, p.node]).sort(), [
    ["shell", "10.42.2.7", "worker-2"], ["web-7d4b9c-x2k8f", "10.42.1.7", "worker-1"],
  ]);
  const sent = await ask(page, { from: "pod/shop/shell", to: "web" });
  assert.equal(served(sent), "web-7d4b9c-x2k8f");
  const { before, after, reason } = hop(sent, "endpoint");
  assert.equal(before.destination_ip, "10.43.12.34");
  assert.deepEqual([after.source_ip, after.destination_ip, after.destination_port], ["10.42.2.7", "10.42.1.7", 8080]);
  assert.equal(reason.of, 1, "the slice of the dump is not counted twice");
  await readLog(page);
});

test("a text that is pasted over an example is no example any more", async (t) => {
  const { page } = await openPortolan(t);
  await page.getByText("Delete a web pod").waitFor();
  await paste(page, DUMP);
  await page.locator(".picker-title").filter({ hasText: "Your text" }).waitFor();
  assert.equal(await page.getByText("Delete a web pod").count(), 0, "nor is there anything to look for");
});

test("kinds that are not simulated are counted and named", async (t) => {
  const text = ["ConfigMap", "ConfigMap", "NetworkPolicy"].map((kind, i) => {
    const version = kind === "ConfigMap" ? "v1" : "networking.k8s.io/v1";
    return `apiVersion: ${version}\nkind: ${kind}\nmetadata: {name: a${i}}${kind === "ConfigMap" ? "" : "\nspec: {podSelector: {}}"}\n`;
  });
  const page = await openText(t, text.join("---\n"));
  const note = await page.getByRole("note").filter({ hasText: "not simulated" }).innerText();
  assert.match(note, /2 ConfigMap/);
  assert.match(note, /1 NetworkPolicy/);
});

/** The page lives: a good text shows its cluster, and a request finds its pod. */
async function alive(page) {
  await tell(page, "edit", [toWeb, web, client].map((o) => JSON.stringify(o)).join("\n---\n"));
  await tell(page, "advance", 4_000);
  await page.locator('.stage [aria-label^="Service web,"][aria-label$="1 ready"]').waitFor({ state: "attached" });
  assert.equal((await state(page)).problems, 0);
  await tell(page, "sendRequest", { ...shell, to: "web" });
  assert.equal(served(await trace(page)), "web");
  await tell(page, "play", false);
}

const many = (one) => Array.from({ length: 10_000 }, (_, i) => one(i)).join("\n---\n");
const bomb = ["a: &a [x, x, x, x, x, x, x, x, x]", ..."bcdefghij".split("").map((name, i) => {
  const last = "abcdefghi"[i];
  return `${name}: &${name} [${Array(9).fill(`*${last}`).join(", ")}]`;
})].join("\n");
const pod = (labels) => `apiVersion: v1\nkind: Pod\nmetadata:\n  name: odd\n  labels:\n${labels}\nspec:\n  containers:\n  - {name: odd, image: example/odd}\n`;

// Twice as long as a slow machine needs; what hangs takes for ever.
const BOUND_MS = 12_000;
for (const [what, text, says] of [
  ["10,000 Services", many((i) => `apiVersion: v1\nkind: Service\nmetadata: {name: s-${i}}\nspec: {ports: [{port: 80}]}`), null],
  ["10,000 documents of nothing known", many((i) => `kind: Thing\nmetadata: {name: t-${i}}`), /./],
  ["30,000 documents", Array(30_000).fill("a: 1").join("\n---\n"), /more than 20000 documents/],
  ["10,000 levels of lists", "[".repeat(10_000), /deep|levels|nested|inside/i],
  ["10,000 levels of maps", Array.from({ length: 10_000 }, (_, i) => `${" ".repeat(Math.min(i, 900))}a:`).join("\n"), /./],
  ["10,000 levels of JSON", '{"a":'.repeat(10_000) + "1" + "}".repeat(10_000), /deep|levels|nested|inside/i],
  ["an alias bomb", bomb, /anchors hold more than/],
  ["an alias of itself", "a: &a\n  b: *a\n", /./],
  ["NUL characters", "kind: Service\u0000\nmetadata: {name: web}\n", /./],
  ["lone surrogates", `${pod('    app: "\ud800"')}# \udfff\n`, /./],
  ["right-to-left and astral labels", pod('    "شحن": "עברית"\n    app: "🚢⚓𝔸"'), /./],
  ["one long line", `a: "${"x".repeat(2_000_000)}"`, /./],
  ["10 MB of one key", "a: 1\n".repeat(2_000_000), /./],
  ["10 MB of pods and Services that select them all", many((i) => `apiVersion: v1\nkind: Pod\nmetadata: {name: p-${i}, labels: {app: web}}\nspec: {containers: [{name: web, image: example/web}]} # ${"x".repeat(380)}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: s-${i}}\nspec: {selector: {app: web}, ports: [{port: 80}]} # ${"x".repeat(380)}`), /endpoints/],
  ["a tab for indentation", "kind: Service\nmetadata:\n\tname: web\n", /tab/i],
]) {
  test(`hostile: ${what}`, async (t) => {
    const page = await openText(t, "# before\n");
    const took = await page.evaluate((text) => {
      const start = performance.now();
      window.portolan.edit(text);
      window.portolan.state();
      return performance.now() - start;
    }, text);
    assert.ok(took < BOUND_MS, `${Math.round(took)} ms`);
    if (says) {
      await page.locator(".problems-head:not([disabled])").waitFor();
      const said = JSON.parse(await page.evaluate(() => window.portolan.problems())).map((p) => p.message);
      assert.ok(said.some((message) => says.test(message)), said.slice(0, 5).join(" | "));
    }
    await alive(page);
  });
}

for (const [what, text] of [["lists", "[".repeat(10_000)], ["closed lists", `${"[".repeat(10_000)}${"]".repeat(10_000)}`], ["dashes", "- ".repeat(10_000)]]) {
  test(`hostile: 10,000 levels of ${what}, pasted`, async (t) => {
    const page = await openText(t, "# before\n");
    await paste(page, text);
    await page.locator(".problems-head:not([disabled])").waitFor();
    assert.equal((await state(page)).text, text);
    await alive(page);
    // The editor has heard of it as well.
    await page.locator(".cm-content").filter({ hasText: '"kind":"Service"' }).waitFor();
  });
}

test("hostile text that is pasted reaches the editor, and the editor lives", async (t) => {
  const page = await openText(t, pod('    app: "\ud800 🚢 \u202e\u0000"'));
  await page.locator(".problems-head:not([disabled])").waitFor();
  await paste(page, [toWeb, web, client].map((o) => JSON.stringify(o)).join("\n---\n"));
  await tell(page, "advance", 4_000);
  await page.locator('.stage [aria-label^="Service web,"][aria-label$="1 ready"]').waitFor({ state: "attached" });
  assert.equal(served(await ask(page, { ...shell, to: "web" })), "web");
});
