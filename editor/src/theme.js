// The look. Colours come from the page's variables alone, so that light and dark follow by themselves.

import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const tooltip = {
  color: "var(--ink)",
  backgroundColor: "var(--paper)",
  border: "1px solid var(--line)",
  borderRadius: "6px",
  boxShadow: "0 4px 18px color-mix(in srgb, var(--ink) 16%, transparent)",
  font: "13px/1.45 var(--sans)",
  maxWidth: "min(46ch, 90vw)",
};
const wavy = (colour) => ({
  backgroundImage: "none",
  textDecoration: `underline wavy var(${colour}) 1px`,
  textUnderlineOffset: "4px",
  textDecorationSkipInk: "none",
});

const look = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--paper)", height: "100%", fontSize: "12.5px" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.62", overflow: "auto" },
  ".cm-content": { padding: "10px 0", caretColor: "var(--ink)" },
  ".cm-line": { padding: "0 14px 0 6px" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { color: "var(--ink-3)", backgroundColor: "var(--paper)", border: "none" },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--ink) 4%, transparent)" },
  ".cm-activeLineGutter": { color: "var(--ink-2)", backgroundColor: "transparent" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground, ::selection":
    { backgroundColor: "color-mix(in srgb, var(--focus) 26%, transparent)" },
  ".cm-selectionMatch": { backgroundColor: "color-mix(in srgb, var(--focus) 14%, transparent)" },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket":
    { backgroundColor: "transparent", outline: "1px solid var(--ink-3)" },
  ".cm-foldPlaceholder":
    { color: "var(--ink-2)", backgroundColor: "var(--shoal)", border: "1px solid var(--line)", padding: "0 4px" },

  ".cm-course-line": { backgroundColor: "color-mix(in srgb, var(--course) 7%, transparent)" },
  ".cm-course-line-strong":
    { backgroundColor: "var(--course-soft)", boxShadow: "inset 3px 0 var(--course)" },
  ".cm-course": { borderBottom: "1px dotted var(--course)" },
  ".cm-course-strong": { borderBottom: "1.5px solid var(--course)" },
  ".cm-course-gutter": { color: "var(--course)", fontWeight: "600" },
  ".cm-selected-line": { boxShadow: "inset 3px 0 var(--ink-2)" },

  ".cm-lintRange-error": wavy("--bad"),
  ".cm-lintRange-warning": wavy("--hold"),
  ".cm-lintRange-info": wavy("--focus"),
  ".cm-lintRange-active": { backgroundColor: "color-mix(in srgb, var(--hold) 14%, transparent)" },
  ".cm-gutter-lint": { width: "1.25em" },
  ".cm-gutter-lint .cm-gutterElement": { padding: "0 2px" },
  // Shapes as well as colours: a cross, a triangle, a ring.
  ".cm-lint-marker": { width: "1em", height: "1em", display: "grid", placeItems: "center" },
  ".cm-lint-marker-error, .cm-lint-marker-warning, .cm-lint-marker-info": { content: "normal" },
  ".cm-lint-marker::before": { font: "700 11px/1 var(--sans)" },
  ".cm-lint-marker-error::before": { content: "'✕'", color: "var(--bad)" },
  ".cm-lint-marker-warning::before": { content: "'▲'", color: "var(--hold)" },
  ".cm-lint-marker-info::before": { content: "'○'", color: "var(--focus)" },

  ".cm-tooltip": tooltip,
  ".cm-tooltip-lint": { padding: "0" },
  ".cm-diagnostic": { padding: "8px 12px", borderLeft: "4px solid var(--focus)", whiteSpace: "normal" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--bad)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--hold)" },
  ".cm-problem-hint": { marginTop: "3px", color: "var(--ink-2)" },
  ".cm-diagnosticSource": { marginTop: "4px", font: "11px var(--mono)", color: "var(--ink-2)", opacity: "1" },
  ".cm-diagnosticAction": {
    margin: "6px 8px 0 0", padding: "3px 9px", font: "12.5px var(--sans)", cursor: "pointer",
    color: "var(--paper)", backgroundColor: "var(--ink)", border: "none", borderRadius: "5px",
  },
  ".cm-hover": { padding: "8px 12px" },
  ".cm-hover-title": { font: "600 12px var(--mono)", marginBottom: "3px" },
  ".cm-hover-text": { whiteSpace: "pre-line" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", fontSize: "12.5px", maxHeight: "14em" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "2px 8px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]":
    { color: "var(--paper)", backgroundColor: "var(--ink)" },
  ".cm-completionDetail": { fontStyle: "normal", fontFamily: "var(--sans)", opacity: ".75" },
  ".cm-completionIcon": { display: "none" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700" },

  ".cm-panels": { color: "var(--ink)", backgroundColor: "var(--paper)", fontFamily: "var(--sans)" },
  ".cm-panels.cm-panels-top": { borderBottom: "1px solid var(--line)" },
  ".cm-panels.cm-panels-bottom": { borderTop: "1px solid var(--line)" },
  ".cm-textfield":
    { color: "var(--ink)", backgroundColor: "var(--deep)", border: "1px solid var(--line)", borderRadius: "4px" },
  ".cm-button": {
    color: "var(--ink)", background: "var(--deep)", border: "1px solid var(--line)", borderRadius: "4px",
  },
  ".cm-panel.cm-search [name=close]": { color: "var(--ink)" },
  ".cm-searchMatch": { backgroundColor: "color-mix(in srgb, var(--hold) 28%, transparent)" },
  ".cm-searchMatch-selected": { backgroundColor: "color-mix(in srgb, var(--hold) 55%, transparent)" },
  "button:focus-visible, input:focus-visible": { outline: "2px solid var(--focus)", outlineOffset: "1px" },
});

const syntax = HighlightStyle.define([
  { tag: [tags.definition(tags.propertyName), tags.propertyName], color: "color-mix(in srgb, var(--focus) 78%, var(--ink))" },
  { tag: tags.comment, color: "var(--ink-2)", fontStyle: "italic" },
  { tag: [tags.separator, tags.punctuation, tags.squareBracket, tags.brace], color: "var(--ink-2)" },
  { tag: [tags.meta, tags.typeName, tags.labelName], color: "var(--ink-2)" },
  { tag: [tags.content, tags.string, tags.attributeValue], color: "var(--ink)" },
]);

export const theme = [look, syntaxHighlighting(syntax)];
