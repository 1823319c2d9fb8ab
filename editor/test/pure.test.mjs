import assert from "node:assert/strict";
import { test } from "node:test";
import { ensureSyntaxTree } from "@codemirror/language";
import { EditorState, Text } from "@codemirror/state";
import { toCompletion } from "../src/ask.js";
import { clampRange, smallestChange } from "../src/change.js";
import { touchedLines } from "../src/course.js";
import { nestsWithoutEnd, yaml } from "../src/nesting.js";
import { toDiagnostic } from "../src/problems.js";

const applied = (before, change) =>
  change ? before.slice(0, change.from) + change.insert + before.slice(change.to) : before;

test("the smallest change turns one text into the other", () => {
  const texts = ["", "a", "aa", "aba", "abba", "kind: Pod\n", "kind: Service\n", "a\u{1F600}b", "a\u{1F601}b", "\u{1F600}\u{1F600}"];
  for (const before of texts) for (const after of texts) {
    const change = smallestChange(before, after);
    assert.equal(applied(before, change), after, JSON.stringify([before, after]));
    assert.equal(change === null, before === after);
  }
});

test("the smallest change leaves alone what did not change", () => {
  assert.deepEqual(smallestChange("app: web\nx: 1\n", "app: api\nx: 1\n"), { from: 5, to: 8, insert: "api" });
});

test("the smallest change cuts no surrogate pair", () => {
  const change = smallestChange("a\u{1F600}b", "a\u{1F601}b");
  assert.deepEqual(change, { from: 1, to: 3, insert: "\u{1F601}" });
});

test("ranges from anywhere come inside the text", () => {
  assert.deepEqual(clampRange({ from: -3, to: 99 }, 5), { from: 0, to: 5 });
  assert.deepEqual(clampRange({ from: 4, to: 2 }, 5), { from: 4, to: 4 });
  assert.deepEqual(clampRange({ from: NaN, to: undefined }, 5), { from: 0, to: 0 });
});

test("a course touches lines once, and not the line that a block ends before", () => {
  const doc = Text.of(["a: 1", "b:", "  c: 2", "d: 3"]);
  const lines = touchedLines(doc, [{ from: 5, to: 15, strong: false }, { from: 10, to: 12, strong: true }]);
  assert.deepEqual([...lines], [[5, false], [8, true]]);
});

test("a problem without length is shown on a character", () => {
  const doc = Text.of(["ab", "", "c"]);
  const at = (from, to = from) => {
    const { from: start, to: end } = toDiagnostic({ from, to, severity: "error", message: "m" }, doc);
    return [start, end];
  };
  assert.deepEqual(at(0), [0, 1]);
  assert.deepEqual(at(2), [2, 2]);
  assert.deepEqual(at(90), [5, 5]);
});

test("completions keep the page's order and open when they should", () => {
  const answer = { from: 3, options: [{ label: "b" }, { label: "a", detail: "d" }] };
  const made = toCompletion(answer, 5, false, "a: xy");
  assert.equal(made.from, 3);
  assert.deepEqual(made.options.map((o) => o.label), ["b", "a"]);
  assert.ok(made.options[0].boost > made.options[1].boost);
  assert.equal(toCompletion(null, 5, true, ""), null);
  assert.equal(toCompletion({ from: 5, options: [] }, 5, true, ""), null);
  assert.equal(toCompletion({ from: 5, options: [{ label: "a" }] }, 5, false, "a: xy"), null);
  assert.ok(toCompletion({ from: 5, options: [{ label: "a" }] }, 5, true, "a: xy"));
});

test("texts that nest without end are known, others are not", () => {
  for (const text of ["[".repeat(101), "{a: ".repeat(101), "- ".repeat(101) + "x", `a: ${"[".repeat(60)}\n- ${"[".repeat(60)}`]) {
    assert.ok(nestsWithoutEnd(text), text.slice(0, 40));
  }
  const pairs = "[]{}".repeat(10_000);
  for (const text of ["", "[".repeat(100), pairs, "]".repeat(500), "- ".repeat(100), "- x\n".repeat(10_000), "a: [\n---\n".repeat(500)]) {
    assert.ok(!nestsWithoutEnd(text), text.slice(0, 40));
  }
});

test("a text of any depth has a tree", () => {
  const open = (depth) => `${"[".repeat(depth)}${"]".repeat(depth)}`;
  // Once as it is, once where only the parser notices: behind what is looked through.
  const far = `${"# x\n".repeat(270_000)}a: `;
  for (const text of [open(50), open(20_000), "[".repeat(20_000), "- ".repeat(20_000), far + open(20_000)]) {
    const state = EditorState.create({ doc: text, extensions: [yaml()] });
    const tree = ensureSyntaxTree(state, text.length, 20_000);
    assert.equal(tree.length, text.length);
    assert.equal(tree.type.name, "Stream");
  }
  const state = EditorState.create({ doc: "a: [b]\n", extensions: [yaml()] });
  assert.match(ensureSyntaxTree(state, 7, 5_000).toString(), /FlowSequence/, "others keep theirs");
});
