// The manifest editor: CodeMirror 6 behind a small interface. All offsets are UTF-16.

import { closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import {
  bracketMatching, codeFolding, foldGutter, foldKeymap, indentOnInput, indentUnit,
} from "@codemirror/language";
import { lintKeymap } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Annotation, Compartment, EditorState, Transaction } from "@codemirror/state";
import {
  drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers,
} from "@codemirror/view";

import { completion, hover } from "./ask.js";
import { clampRange, smallestChange } from "./change.js";
import { courseExtension, courseTransaction, selectLine } from "./course.js";
import { yaml } from "./nesting.js";
import { problemsExtension, problemsTransaction } from "./problems.js";
import { theme } from "./theme.js";

/** What the fields of manifests are for: only the editor says it, so it comes with the editor. */
export { default as fieldWords } from "../../src/words/fields.txt";

/** Marks changes that the page itself made: it is not told of them again. */
const fromPage = Annotation.define();

/**
 * Makes an editor in `parent`.
 *
 * `options`: `doc`, `readOnly`, `label` (its accessible name), `phrases` (CodeMirror's words, translated),
 * and what the page wants to hear or answer: `onChange(text)`, `onSelection(offset)`,
 * `complete(text, offset)` → `{from, to?, options: [{label, detail?, info?, apply?, type?}]}` or null,
 * `onRecreate(kind, namespace, name)` (a fix that makes an object anew),
 * `hover(text, offset)` → `{from, to, title, text}` or null.
 */
export function createEditor(parent, options = {}) {
  const readOnly = new Compartment();
  const locked = (on) => [EditorState.readOnly.of(Boolean(on))];

  const listen = EditorView.updateListener.of((update) => {
    const own = update.transactions.some((transaction) => transaction.annotation(fromPage));
    if (update.docChanged && !own) options.onChange?.(update.state.doc.toString());
    if (update.selectionSet && !own) options.onSelection?.(update.state.selection.main.head);
  });

  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: options.doc ?? "",
      extensions: [
        lineNumbers(),
        problemsExtension,
        codeFolding(),
        foldGutter(),
        history(),
        drawSelection(),
        EditorState.allowMultipleSelections.of(true),
        EditorState.tabSize.of(2),
        indentUnit.of("  "),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        highlightActiveLine(),
        highlightActiveLineGutter(),
        highlightSelectionMatches(),
        search({ top: true }),
        yaml(),
        completion(options.complete),
        hover(options.hover),
        courseExtension,
        theme,
        readOnly.of(locked(options.readOnly)),
        EditorState.phrases.of(options.phrases ?? {}),
        EditorView.contentAttributes.of({
          "aria-label": options.label ?? "YAML",
          "aria-multiline": "true",
          autocapitalize: "off",
          autocorrect: "off",
          spellcheck: "false",
        }),
        // Tab indents; after Escape, CodeMirror lets the next Tab leave the editor.
        keymap.of([
          ...closeBracketsKeymap, ...completionKeymap, ...lintKeymap, ...searchKeymap, ...foldKeymap,
          ...historyKeymap, ...defaultKeymap,
          indentWithTab,
        ]),
        listen,
      ],
    }),
  });

  const fit = (range) => clampRange(range, view.state.doc.length);

  return {
    text: () => view.state.doc.toString(),

    /** Replaces what differs: cursor, scroll position and undo history stay. */
    setText(text) {
      const change = smallestChange(view.state.doc.toString(), text.replace(/\r\n?/g, "\n"));
      if (change) view.dispatch({ changes: change, annotations: [fromPage.of(true), Transaction.userEvent.of("input.page")] });
    },

    setProblems(problems) {
      view.dispatch(problemsTransaction(view.state, problems, options.onRecreate));
    },

    /** Ranges `{from, to, strong}`; the first strong one comes into view when `scroll` is set. */
    setCourse(ranges, scroll = false) {
      view.dispatch(courseTransaction(view.state, ranges, scroll));
    },

    /** Selects a range, marks its line and brings it into view. */
    reveal(from, to = from) {
      const range = fit({ from, to });
      view.dispatch({
        selection: { anchor: range.from, head: range.to },
        effects: [selectLine(range.from), EditorView.scrollIntoView(range.from, { y: "center" })],
        annotations: fromPage.of(true),
      });
    },

    /** Marks the line at this offset; null takes the mark away. */
    selectLine(offset) {
      view.dispatch({ effects: selectLine(offset === null ? null : fit({ from: offset, to: offset }).from) });
    },

    focus: () => view.focus(),
    setReadOnly: (on) => view.dispatch({ effects: readOnly.reconfigure(locked(on)) }),
    destroy: () => view.destroy(),
  };
}
