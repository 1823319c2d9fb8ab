// The course: the fields that decided the hop in view, and the line the page has selected.

import { EditorSelection, RangeSet, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, GutterMarker, gutterLineClass } from "@codemirror/view";
import { clampRange } from "./change.js";

const setCourse = StateEffect.define();
const setSelected = StateEffect.define();

const mark = Decoration.mark({ class: "cm-course" });
const strongMark = Decoration.mark({ class: "cm-course cm-course-strong" });
const line = Decoration.line({ class: "cm-course-line" });
const strongLine = Decoration.line({ class: "cm-course-line cm-course-line-strong" });
const selectedLine = Decoration.line({ class: "cm-selected-line" });

const gutterMark = new (class extends GutterMarker {
  elementClass = "cm-course-gutter";
})();

/** Every line that a range touches, once, in order: Map from line start to "is strong". */
export function touchedLines(doc, ranges) {
  const lines = new Map();
  for (const range of ranges) {
    const last = doc.lineAt(range.to).number;
    for (let number = doc.lineAt(range.from).number; number <= last; number++) {
      const start = doc.line(number).from;
      // The end of a block often is the first column of the line after it: that line is not meant.
      if (number === last && range.to === start && range.to > range.from) break;
      lines.set(start, lines.get(start) || Boolean(range.strong));
    }
  }
  return new Map([...lines].sort((a, b) => a[0] - b[0]));
}

function decorate(doc, ranges) {
  const inside = ranges.map((range) => ({ ...clampRange(range, doc.length), strong: range.strong }));
  const marks = inside
    .filter((range) => range.to > range.from)
    .map((range) => (range.strong ? strongMark : mark).range(range.from, range.to));
  const lines = touchedLines(doc, inside);
  for (const [start, strong] of lines) marks.push((strong ? strongLine : line).range(start));
  return {
    marks: Decoration.set(marks, true),
    gutter: RangeSet.of([...lines.keys()].map((start) => gutterMark.range(start))),
  };
}

const empty = { marks: Decoration.none, gutter: RangeSet.empty };

const courseField = StateField.define({
  create: () => empty,
  update(value, transaction) {
    let next = value;
    if (transaction.docChanged) {
      next = { marks: next.marks.map(transaction.changes), gutter: next.gutter.map(transaction.changes) };
    }
    for (const effect of transaction.effects) {
      if (effect.is(setCourse)) next = effect.value.length ? decorate(transaction.state.doc, effect.value) : empty;
    }
    return next;
  },
  provide: (field) => [
    EditorView.decorations.from(field, (value) => value.marks),
    gutterLineClass.from(field, (value) => value.gutter),
  ],
});

const selectedField = StateField.define({
  create: () => Decoration.none,
  update(value, transaction) {
    let next = value.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (effect.is(setSelected)) {
        next = effect.value === null
          ? Decoration.none
          : Decoration.set([selectedLine.range(transaction.state.doc.lineAt(effect.value).from)]);
      }
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** The transaction that shows this course instead of the old one. */
export function courseTransaction(state, ranges, scroll) {
  const effects = [setCourse.of(ranges)];
  const first = ranges.find((range) => range.strong) ?? ranges[0];
  if (scroll && first) {
    const { from } = clampRange(first, state.doc.length);
    // With the beginning of its line, where both fit: a long line before must not leave this one cut.
    const shown = EditorSelection.range(state.doc.lineAt(from).from, from);
    effects.push(EditorView.scrollIntoView(shown, { y: "center" }));
  }
  return { effects };
}

/** The effect that marks the line at this offset, or none for null. */
export const selectLine = (offset) => setSelected.of(offset);

export const courseExtension = [courseField, selectedField];
