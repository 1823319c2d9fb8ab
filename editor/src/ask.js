// Completion and hover: the page answers, this file only asks and shows.

import { autocompletion } from "@codemirror/autocomplete";
import { hoverTooltip } from "@codemirror/view";
import { clampRange } from "./change.js";

/**
 * The page's answer as CodeMirror wants it.
 * Accepts `{from, to?, options}` or a plain list with a `from` of its own.
 */
export function toCompletion(answer, offset, explicit, textBefore) {
  if (!answer) return null;
  const options = Array.isArray(answer) ? answer : answer.options;
  if (!options?.length) return null;
  const from = Math.max(0, Math.min(answer.from ?? offset, offset));
  // While typing, nothing opens before a first character; asked for, everything is shown.
  if (!explicit && from === offset && !/[\s:-]$/.test(textBefore)) return null;
  return {
    from,
    to: answer.to ?? undefined,
    options: options.map((option, index) => ({
      label: option.label,
      detail: option.detail || undefined,
      info: option.info || undefined,
      apply: option.apply ?? undefined,
      type: option.type || undefined,
      // The page's order is meant; the filter's own score still comes first.
      boost: -index / options.length,
    })),
    validFor: /^[\w./-]*$/,
  };
}

export function completion(ask) {
  if (!ask) return [];
  const source = (context) => {
    const text = context.state.doc.toString();
    return toCompletion(ask(text, context.pos), context.pos, context.explicit, text.slice(0, context.pos));
  };
  return autocompletion({ override: [source], icons: false, defaultKeymap: true });
}

export function hover(ask) {
  if (!ask) return [];
  return hoverTooltip((view, pos) => {
    const answer = ask(view.state.doc.toString(), pos);
    if (!answer) return null;
    const { from, to } = clampRange(answer, view.state.doc.length);
    return {
      pos: from,
      end: to,
      above: true,
      create() {
        const dom = document.createElement("div");
        dom.className = "cm-hover";
        for (const part of ["title", "text"]) {
          if (!answer[part]) continue;
          const line = document.createElement("div");
          line.className = `cm-hover-${part}`;
          line.textContent = answer[part];
          dom.append(line);
        }
        return { dom };
      },
    };
  }, { hoverTime: 350 });
}
