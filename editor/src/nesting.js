// YAML's grammar for the editor, kept from texts that nest without end: building a tree of ten thousand
// levels overflows JavaScript's stack, and an exception in the middle of an edit would leave the page behind.

import { LanguageSupport } from "@codemirror/language";
import { yamlLanguage } from "@codemirror/lang-yaml";
import { Tree } from "@lezer/common";

/** Levels that are coloured: as many as the page reads. */
const DEPTH_MAX = 100;
/** How much of a text is looked through for them. */
const LOOK_AT = 1 << 20;

const OPEN = new Set("[{".split("").map((c) => c.charCodeAt(0)));
const CLOSE = new Set("]}".split("").map((c) => c.charCodeAt(0)));

/** Whether a text nests deeper than any manifest does. Brackets in quotes count too: that is good enough. */
export function nestsWithoutEnd(text) {
  // Lists in lists on one line: `- - - x`.
  if (/(?:[-?:] +){101}/.test(text)) return true;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (OPEN.has(code)) {
      if (++depth > DEPTH_MAX) return true;
    } else if (CLOSE.has(code)) {
      if (depth > 0) depth--;
    } else if (code === 10 && text.startsWith("---", i + 1)) {
      depth = 0;
    }
  }
  return false;
}

/** A parse that gives a tree without branches where the real one would have too many or fails. */
function guarded(inner, input) {
  const flat = () => new Tree(yamlLanguage.parser.topNode, [], [], input.length);
  const tooDeep = nestsWithoutEnd(input.read(0, Math.min(input.length, LOOK_AT)));
  return {
    get parsedPos() { return tooDeep ? input.length : inner.parsedPos; },
    get stoppedAt() { return inner.stoppedAt; },
    stopAt: (pos) => inner.stopAt(pos),
    advance() {
      if (tooDeep) return flat();
      try {
        return inner.advance();
      } catch (error) {
        if (error instanceof RangeError) return flat();
        throw error;
      }
    },
  };
}

/** YAML as `@codemirror/lang-yaml` has it, for any text. */
export const yaml = () => new LanguageSupport(yamlLanguage.configure({ wrap: guarded }));
