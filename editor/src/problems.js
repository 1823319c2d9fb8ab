// Problems: underlined, in the gutter, and in a tooltip with their quick fixes as buttons.

import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { clampRange } from "./change.js";

const element = (name, className, text) => {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
};

/** One problem of the page as a diagnostic of CodeMirror. `recreate` makes an object anew. */
export function toDiagnostic(problem, doc, recreate) {
  const length = doc.length;
  let { from, to } = clampRange(problem, length);
  // An empty range would be underlined nowhere: take the character beside it, or none.
  if (from === to && to < length && doc.lineAt(from).to > from) to++;
  return {
    from,
    to,
    severity: problem.severity,
    message: problem.message,
    source: problem.source || undefined,
    markClass: `cm-problem cm-problem-${problem.severity}`,
    renderMessage() {
      const box = element("div", "cm-problem-text", "");
      box.append(element("div", "cm-problem-message", problem.message));
      if (problem.hint) box.append(element("div", "cm-problem-hint", problem.hint));
      return box;
    },
    actions: (problem.actions ?? []).map((action) => ({
      name: action.name,
      apply(view) {
        if (action.recreate) return recreate?.(...action.recreate);
        const changes = action.edits.map((edit) => ({
          ...clampRange(edit, view.state.doc.length),
          insert: edit.insert,
        }));
        view.dispatch({ changes, userEvent: "input.fix", scrollIntoView: true });
        view.focus();
      },
    })),
  };
}

/** The transaction that shows these problems instead of the old ones. */
export function problemsTransaction(state, problems, recreate) {
  const found = problems.map((problem) => toDiagnostic(problem, state.doc, recreate));
  found.sort((a, b) => a.from - b.from || a.to - b.to);
  return setDiagnostics(state, found);
}

export const problemsExtension = [lintGutter()];
