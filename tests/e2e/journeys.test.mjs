// Each kind of Service, asked as a person asks: what the trace says and what the page shows.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { close } from "./harness.mjs";
import {
  OUTSIDE, ask, chart, choose, cites, hop, legOf, openExample, podOf, readLog, reasons, served, service,
} from "./journey.mjs";

after(close);

test("ClusterIP: the client's own node puts a pod's address in", async (t) => {
  const page = await openExample(t, "ClusterIP");
  const client = await podOf(page, "frontend-");
  const api = await service(page, "api");
  const sent = await ask(page, { from: `pod/default/${client.name}`, to: "api" });
  assert.deepEqual(reasons(sent).slice(0, 2), ["resolved", "endpoint"]);
  const pod = await podOf(page, served(sent));
  assert.match(pod.name, /^api-/);
  const { before, after, from, to } = hop(sent, "endpoint");
  assert.deepEqual([from.Pod.name, to], [client.name, { Rules: client.node }], "on the client's own node");
  assert.equal(before.destination_ip, api.ip.split(":")[0]);
  assert.equal(before.destination_port, 80);
  assert.deepEqual([after.destination_ip, after.destination_port], [pod.ip, 8080]);
  assert.equal(after.source_ip, client.ip, "the source stays");
  assert.equal(sent.hops.at(-2).reason.because, pod.node === client.node ? "sameNode" : "podNetwork");
  assert.equal(hop(sent, "answered").reason.sees, client.ip);
  const log = await readLog(page);
  assert.match(legOf(log, "resolved").why, /is Service api: its cluster IP/);
  assert.match(legOf(log, "endpoint").why, /by chance, 1 in 3/);
  cites(legOf(log, "endpoint"), "spec.ports[0].targetPort", "targetPort: 8080");
  assert.match(legOf(log, "answered").title, new RegExp(`^${pod.name} answers 200`));
});

test("ClusterIP: no way in from outside, no rule for the pods' own port", async (t) => {
  const page = await openExample(t, "ClusterIP");
  const { ip } = await service(page, "api");
  let sent = await ask(page, { to: ip.split(":")[0] });
  assert.equal(sent.outcome, "TimedOut");
  assert.deepEqual(reasons(sent), ["clusterIpFromOutside"]);
  let [leg] = (await readLog(page)).legs;
  assert.match(leg.why, /exists only in the rules of the cluster’s nodes/);
  assert.match(leg.mend, /NodePort or LoadBalancer/);
  cites(leg, "spec.type", "type: ClusterIP");
  sent = await ask(page, { to: "api.default.svc.cluster.local" });
  assert.equal(sent.outcome, "NxDomain");
  const client = await podOf(page, "frontend-");
  sent = await ask(page, { from: `pod/default/${client.name}`, to: "api", port: 8080 });
  assert.equal(sent.outcome, "TimedOut");
  [, leg] = (await readLog(page)).legs;
  assert.match(leg.why, /8080 is the pods’ own port/);
  assert.match(leg.mend, /Ask for port 80/);
});

test("NodePort: through a node without a pod it takes a second hop", async (t) => {
  const page = await openExample(t, "NodePort");
  const { pods, nodes } = await chart(page);
  const webs = pods.filter((p) => p.name.startsWith("web-"));
  assert.equal(webs.length, 2);
  const empty = nodes.find((n) => webs.every((w) => w.node !== n.name));
  const sent = await ask(page, { to: empty.ip, port: 30080 });
  const pod = webs.find((w) => w.name === served(sent));
  assert.deepEqual(reasons(sent), ["toNode", "endpoint", "podNetwork", "answered"]);
  const { before, after } = hop(sent, "endpoint");
  assert.deepEqual([before.source_ip, before.destination_ip, before.destination_port], [OUTSIDE, empty.ip, 30080]);
  assert.deepEqual([after.source_ip, after.destination_ip, after.destination_port], [empty.ip, pod.ip, 8080]);
  assert.equal(hop(sent, "podNetwork").reason.secondHop, true);
  const answer = hop(sent, "answered").reason;
  assert.deepEqual([answer.sees, answer.hidden], [empty.ip, OUTSIDE]);
  const log = await readLog(page);
  assert.match(legOf(log, "toNode").why, /30080 is the node port of web\. Every node listens on it/);
  cites(legOf(log, "toNode"), "nodePort", "nodePort: 30080");
  assert.match(legOf(log, "podNetwork").why, new RegExp(`A second hop: it came in at ${empty.name}`));
  assert.match(legOf(log, "answered").why, /not the client, 203\.0\.113\.9/);
});

test("NodePort: every node answers, the Service's own port is closed there", async (t) => {
  const page = await openExample(t, "NodePort");
  const { nodes } = await chart(page);
  for (const node of nodes) {
    assert.match(served(await ask(page, { to: node.ip, port: 30080 })), /^web-/, node.name);
  }
  const sent = await ask(page, { to: nodes[0].ip, port: 80 });
  assert.equal(sent.outcome, "Refused");
  const { legs } = await readLog(page);
  assert.match(legs.at(-1).why, /80 is the port of web behind its cluster IP/);
});

test("LoadBalancer: in by a node from outside, straight by the own node from inside", async (t) => {
  const page = await openExample(t, "LoadBalancer");
  const { balancers } = await chart(page);
  const balancer = balancers[0].ip;
  let sent = await ask(page, { to: balancer });
  const { nodes } = await chart(page);
  const pod = await podOf(page, served(sent));
  assert.deepEqual(reasons(sent).slice(0, 3), ["toLoadBalancer", "loadBalancerPicks", "endpoint"]);
  const picked = hop(sent, "loadBalancerPicks").reason;
  const node = nodes.find((n) => n.name === picked.node);
  const { before, after, to } = hop(sent, "endpoint");
  assert.deepEqual(to, { Rules: node.name });
  assert.deepEqual([before.source_ip, before.destination_ip, before.destination_port], [OUTSIDE, balancer, 80]);
  assert.deepEqual([after.source_ip, after.destination_ip, after.destination_port], [node.ip, pod.ip, 8080]);
  let log = await readLog(page);
  assert.match(legOf(log, "loadBalancerPicks").why, /Any healthy node will do/);
  assert.match(legOf(log, "endpoint").why, /the pod will not see the client/);

  const shell = await podOf(page, "shell");
  sent = await ask(page, { from: "pod/default/shell", to: balancer });
  assert.match(served(sent), /^web-/);
  assert.deepEqual(hop(sent, "endpoint").to, { Rules: shell.node });
  assert.ok(!reasons(sent).includes("toLoadBalancer"));
  log = await readLog(page);
  assert.match(legOf(log, "endpoint").why, /The load balancer never sees it/);
});

test("ExternalName: an alias to the outside, with no Service's rules on the way", async (t) => {
  const page = await openExample(t, "ExternalName");
  const sent = await ask(page, { from: "pod/default/shell", to: "billing" });
  assert.deepEqual(sent.outcome, { ServedOutside: { host: "billing.example.com" } });
  assert.ok(!reasons(sent).includes("endpoint"), "no rules");
  assert.equal(hop(sent, "resolved").reason.named.Alias.target, "billing.example.com");
  const shell = await podOf(page, "shell");
  const { nodes } = await chart(page);
  const out = hop(sent, "leavesCluster");
  assert.equal(out.before.source_ip, shell.ip);
  assert.equal(out.after.source_ip, nodes.find((n) => n.name === shell.node).ip, "the node's address outside");
  assert.equal(out.after.destination_ip, out.before.destination_ip);
  const log = await readLog(page);
  assert.match(legOf(log, "resolved").why, /an alias, billing\.example\.com/);
  cites(legOf(log, "resolved"), "spec.externalName", "externalName: billing.example.com");
  assert.match(log.legs.at(-1).why, /Host header billing/);
});

test("ExternalName: an alias to a Service of another namespace", async (t) => {
  const page = await openExample(t, "ExternalName");
  const sent = await ask(page, { from: "pod/default/shell", to: "stock" });
  const { pod } = sent.outcome.Served;
  assert.deepEqual([pod.namespace, pod.name], ["depot", "stock"]);
  assert.equal(hop(sent, "resolved").reason.named.Alias.target, "stock.depot.svc.cluster.local");
  assert.equal(hop(sent, "endpoint").reason.service.namespace, "depot");
  const log = await readLog(page);
  assert.match(legOf(log, "answered").title, /^stock answers/);
});

test("headless: the name is the pods' own addresses, and no port is mapped", async (t) => {
  const page = await openExample(t, "Headless");
  let sent = await ask(page, { from: "pod/default/shell", to: "db", port: 5432 });
  const pod = await podOf(page, served(sent));
  assert.match(pod.name, /^db-[012]$/);
  assert.deepEqual(reasons(sent), ["resolved", "podAddress", "answered"]);
  const { addresses, chosen } = hop(sent, "resolved").reason;
  const { pods } = await chart(page);
  const own = pods.filter((p) => p.name.startsWith("db-")).map((p) => p.ip);
  assert.deepEqual([...addresses].sort(), own.sort());
  assert.equal(chosen, pod.ip);
  let log = await readLog(page);
  assert.match(legOf(log, "resolved").why, /headless: the name stands for its 3 ready pods/);
  assert.match(legOf(log, "podAddress").why, /No rules, no load balancing/);

  sent = await ask(page, { from: "pod/default/shell", to: "db-1.db", port: 5432 });
  assert.equal(served(sent), "db-1");
  log = await readLog(page);
  assert.match(legOf(log, "resolved").why, /The name of one pod behind db/);
});

test("without a selector: an EndpointSlice leads out of the cluster", async (t) => {
  const page = await openExample(t, "Service without a selector (external database)");
  const client = await podOf(page, "app-");
  const hosts = new Set();
  for (let i = 0; i < 12 && hosts.size < 2; i++) {
    const sent = await ask(page, { from: `pod/default/${client.name}`, to: "db", port: 5432 });
    const { host } = sent.outcome.ServedOutside;
    assert.ok(["192.0.2.10", "192.0.2.11"].includes(host), host);
    const { before, after } = hop(sent, "endpoint");
    assert.equal(before.destination_ip, (await service(page, "db")).ip.split(":")[0]);
    assert.deepEqual([after.destination_ip, after.destination_port], [host, 5432]);
    hosts.add(host);
  }
  assert.equal(hosts.size, 2, "both addresses are used");
  const log = await readLog(page);
  assert.match(legOf(log, "endpoint").why, /by chance, 1 in 2/);
  assert.match(legOf(log, "leavesCluster").why, /An EndpointSlice of db names this address/);
  const { text } = await page.evaluate(() => window.portolan.state());
  await page.evaluate((text) => window.portolan.edit(text), text.replace("    kubernetes.io/service-name: db", "    app: db"));
  const sent = await ask(page, { from: `pod/default/${client.name}`, to: "db", port: 5432 });
  assert.equal(sent.outcome, "Refused");
  const { legs } = await readLog(page);
  assert.match(legs.at(-1).mend, /EndpointSlice with the label kubernetes\.io\/service-name: db/);
});

test("Ingress: two hosts and three paths, straight to the pods", async (t) => {
  const page = await openExample(t, "Ingress with two hosts and three paths");
  for (const [host, path, backend] of [
    ["shop.example.com", "/", "web"], ["shop.example.com", "/api/v1", "api"], ["shop.example.com", "/apis", "web"],
    ["docs.example.com", "/guide", "docs"],
  ]) {
    const sent = await ask(page, { to: `http://${host}${path}` });
    assert.equal(served(sent), backend, `${host}${path}`);
    assert.equal(hop(sent, "ingressRule").reason.service.name, backend);
    const picks = hop(sent, "controllerPicks");
    const pod = await podOf(page, backend);
    assert.deepEqual([picks.after.destination_ip, picks.after.destination_port], [pod.ip, 80], "past the cluster IP");
    const answer = hop(sent, "answered").reason;
    assert.deepEqual([answer.behindProxy, answer.hidden], [true, OUTSIDE]);
    const log = await readLog(page);
    assert.match(legOf(log, "resolved").why, /Public DNS: Ingress front is for this host/);
    assert.match(legOf(log, "ingressRule").why, new RegExp(`leads to ${backend}`));
    assert.match(legOf(log, "controllerPicks").why, /straight to the pod/);
    assert.match(legOf(log, "answered").why, /only in the X-Forwarded-For header/);
    cites(legOf(log, "ingressRule"), "path");
  }
});

test("Ingress: 404 for a path and a host that no rule has, 503 without a pod", async (t) => {
  const page = await openExample(t, "Ingress with two hosts and three paths");
  let sent = await ask(page, { to: "http://docs.example.com/guide/" });
  assert.deepEqual(sent.outcome, { HttpError: { status: 404 } });
  assert.equal(hop(sent, "noIngressRule").reason.hostKnown, true);
  let log = await readLog(page);
  assert.match(log.legs.at(-1).why, /none of their paths matches \/guide\//);
  assert.match(log.legs.at(-1).mend, /Add a path/);

  sent = await ask(page, { to: "http://docs.example.com/", host: "blog.example.com" });
  assert.deepEqual(sent.outcome, { HttpError: { status: 404 } });
  log = await readLog(page);
  assert.match(log.legs.at(-1).why, /No Ingress of this controller is for host blog\.example\.com/);

  const { text } = await page.evaluate(() => window.portolan.state());
  await page.evaluate((text) => window.portolan.edit(text), text.replace("selector: {app: docs}", "selector: {app: dogs}"));
  sent = await ask(page, { to: "http://docs.example.com/guide" });
  assert.deepEqual(sent.outcome, { HttpError: { status: 503 } });
  log = await readLog(page);
  assert.match(log.legs.at(-1).why, /docs has no ready endpoint.*Its selector matches no pod/);
  assert.match(log.legs.at(-1).mend, /Make the selector equal/);
});

test("another namespace: a short name is of the client's own", async (t) => {
  const page = await openExample(t, "Another namespace");
  for (const [to, namespace] of [["api", "blue"], ["api.green", "green"], ["api.blue.svc", "blue"]]) {
    const sent = await ask(page, { from: "pod/blue/shell", to });
    assert.deepEqual([served(sent), sent.outcome.Served.pod.namespace], ["api", namespace], to);
    assert.equal(hop(sent, "endpoint").reason.service.namespace, namespace);
    const log = await readLog(page);
    if (to === "api.green") assert.match(legOf(log, "resolved").why, /in vain before that/);
  }
  const sent = await ask(page, { from: "pod/blue/shell", to: "api.red.svc" });
  assert.equal(sent.outcome, "NxDomain");
  const { legs } = await readLog(page);
  assert.match(legs[0].why, /Cluster DNS knows none of .*api\.red\.svc\.cluster\.local/);
});

test("named port: each pod says which number it is; UDP has a port of its own", async (t) => {
  const page = await openExample(t, "Two ports, one named");
  const ports = {};
  for (let i = 0; i < 16 && Object.keys(ports).length < 2; i++) {
    const sent = await ask(page, { from: "pod/default/shell", to: "web" });
    ports[served(sent)] = hop(sent, "endpoint").after.destination_port;
  }
  assert.deepEqual(ports, { old: 8080, new: 9090 });
  let log = await readLog(page);
  cites(legOf(log, "endpoint"), "targetPort", "targetPort: http");

  let sent = await ask(page, { from: "pod/default/shell", to: "web", port: 8125, protocol: "UDP" });
  assert.match(served(sent), /^(old|new)$/);
  const { before, after } = hop(sent, "endpoint");
  assert.deepEqual([before.protocol, before.destination_port, after.destination_port], ["UDP", 8125, 8125]);
  await readLog(page);
  assert.match(await page.locator(".route h2").innerText(), /^UDP web:8125$/);

  sent = await ask(page, { from: "pod/default/shell", to: "web", port: 8125 });
  assert.equal(sent.outcome, "TimedOut");
  log = await readLog(page);
  assert.match(log.legs.at(-1).why, /No rule is about 8125\/TCP of web: it has 80\/TCP and 8125\/UDP/);
});

test("session affinity: five connections of one client end at one pod", async (t) => {
  const page = await openExample(t, "Session affinity");
  const clients = (await chart(page)).pods.filter((p) => p.name.startsWith("client-"));
  assert.equal(clients.length, 3);
  for (const client of clients) {
    const pods = new Set();
    const picks = [];
    for (let i = 0; i < 5; i++) {
      const sent = await ask(page, { from: `pod/default/${client.name}`, to: "cart" });
      pods.add(served(sent));
      picks.push(hop(sent, "endpoint").reason.pick);
    }
    assert.equal(pods.size, 1, [...pods].join(", "));
    assert.deepEqual(picks.slice(1), Array(4).fill("Remembered"));
  }
  const log = await readLog(page);
  assert.match(legOf(log, "endpoint").why, /remembers this client, so it is the same pod/);
  cites(legOf(log, "endpoint"), "spec.sessionAffinity", "sessionAffinity: ClientIP");
});

test("external traffic policy Local: the address is kept, a node without a pod drops", async (t) => {
  const page = await openExample(t, "External traffic policy Local");
  const { pods, nodes, balancers } = await chart(page);
  const webs = pods.filter((p) => p.name.startsWith("web-"));
  const balancer = balancers[0].ip;
  let sent = await ask(page, { client: "198.51.100.77", to: balancer });
  const pod = webs.find((w) => w.name === served(sent));
  assert.equal(hop(sent, "loadBalancerPicks").reason.node, pod.node, "a node with a pod");
  assert.equal(hop(sent, "endpoint").after.source_ip, "198.51.100.77");
  assert.equal(hop(sent, "answered").reason.sees, "198.51.100.77");
  let log = await readLog(page);
  assert.match(legOf(log, "endpoint").why, /The source stays: the pod sees the client’s address/);
  assert.match(legOf(log, "loadBalancerPicks").why, /externalTrafficPolicy is Local/);

  const empty = nodes.find((n) => webs.every((w) => w.node !== n.name));
  await choose(page, "Service web,");
  const port = /node port (\d+)/.exec(await page.locator(".details .facts").innerText())[1];
  sent = await ask(page, { to: empty.ip, port });
  assert.equal(sent.outcome, "TimedOut");
  assert.equal(hop(sent, "noLocalEndpoint").reason.elsewhere, 2);
  log = await readLog(page);
  const last = log.legs.at(-1);
  assert.match(last.why, new RegExp(`${empty.name} runs no ready pod of web; 2 pods elsewhere may not be used`));
  assert.match(last.mend, /externalTrafficPolicy: Cluster/);
  cites(last, "spec.externalTrafficPolicy", "externalTrafficPolicy: Local");

  sent = await ask(page, { from: "pod/default/shell", to: balancer });
  assert.match(served(sent), /^web-/, "from inside every pod is in reach");
});
