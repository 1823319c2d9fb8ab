// Gives the second module copies of small functions of the first that it calls all the time: allocation,
// comparison, growth, what values are dropped by. A call from one module into the other goes through the table they
// share, which costs more than most of these functions do, and nothing of it can be put in line.
//
// Both modules share one memory and one stack pointer, so a function does the same in either of them. Works
// on the text form of the modules, before they are shrunk.

/** What reading, making clusters and judging them calls most, by the beginning or a part of its name. */
const HOT = /^memcmp$|dlmalloc|__rust_|raw_vec|::rc::|^core::ptr::drop_in_place<(alloc|core|portolan_(reading|making))|vec::Vec<|as core::clone::Clone>|SlicePartialEq|::from_utf8$|^__multi3$|^<?portolan_(reading|making)::/;
const COLD = /panic|fmt::|handle_error|capacity_overflow|_failed/;
/** What is not worth a copy, nor what calls it. */
const OTHERS = /yew|js_sys|web_sys|wasm_bindgen|gloo|portolan::/;

const NAME = /\$(?:"(?:[^"\\]|\\.)*"|[^\s()]+)/y;

/** The name (with its dollar sign) at a place. */
function nameAt(text, at) {
  NAME.lastIndex = at;
  return NAME.exec(text)[0];
}

/** Name → text of each function that a module defines. */
function functions(text) {
  const all = new Map();
  const start = "\n (func ";
  for (let at = text.indexOf(start); at >= 0; at = text.indexOf(start, at + 1)) {
    all.set(nameAt(text, at + start.length), text.slice(at + 1, text.indexOf("\n )", at) + 3));
  }
  return all;
}

/** Number of a type → its signature. */
function types(text) {
  return new Map([...text.matchAll(/^ \(type (\$\d+) \((func.*)\)\)$/gm)].map(([, name, signature]) => [name, signature]));
}

/** The functions of the table, by their place in it. */
function table(text) {
  const [, start, names] = /\n \(elem \$\S+ \(table \$\S+\) \(i32\.const (\d+)\) func (.*)\)\n/.exec(text);
  const places = new Map();
  let place = Number(start);
  for (let at = 0; at < names.length; place += 1) {
    const name = nameAt(names, at);
    places.set(place, name);
    at += name.length + 1;
  }
  return places;
}

const plain = (name) => name.replace(/^\$"?|"$/g, "");

/** The second module with copies of its own; both are given as text. */
export function withLeaves(first, second) {
  const [known, places, typesOfFirst] = [functions(first), table(first), types(first)];
  const typeInSecond = new Map([...types(second)].map(([name, signature]) => [signature, name]));
  const tableOfSecond = /\(import \S+ "__indirect_function_table" \(table (\$\S+)/.exec(second)[1];
  // Functions of the first module → what calls them in the second.
  const shims = new Map();
  const shim = /\n \(func (\$"(?:[^"\\]|\\.)* indirect_call_shim")[^\n]*\n  \(call_indirect [^\n]*\n(?:   \(local\.get \$\d+\)\n)*   \(i32\.const (\d+)\)\n  \)\n \)/g;
  for (const [, name, place] of second.matchAll(shim)) shims.set(places.get(Number(place)), name);

  if (shims.size === 0) throw new Error("wasm-split-cli calls from one module into the other in another way now");
  const CALL = /\(call (\$(?:"(?:[^"\\]|\\.)*"|[^\s()]+))/g;
  /** Whether the text of a function means the same in the second module. */
  const fits = (text) =>
    text !== undefined
    && !/\(global\.[gs]et (?!\$__stack_pointer\b)|\(ref\.|\(data\.|\(memory\.init/.test(text)
    && [...text.matchAll(/\(type (\$\d+)\)/g)].every(([, number]) => typeInSecond.has(typesOfFirst.get(number)));
  /** A function with all that it calls and the second module cannot call yet; `null` where one of them is not to be copied. */
  const closure = (of) => {
    const all = new Set([of]);
    for (const one of all) {
      const text = known.get(one);
      if (OTHERS.test(plain(one)) || !fits(text)) return null;
      for (const [, callee] of text.matchAll(CALL)) if (!shims.has(callee)) all.add(callee);
    }
    return all;
  };
  const copies = new Map();
  for (const [of, name] of shims) {
    if (!of || !HOT.test(plain(of)) || COLD.test(plain(of))) continue;
    for (const one of closure(of) ?? []) copies.set(one, { name: shims.get(one) ?? `$"${plain(one)} leaf"` });
  }
  for (const [of, copy] of copies) {
    copy.text = known.get(of)
      .replace(of, () => copy.name)
      .replace(/\(type (\$\d+)\)/g, (_, number) => `(type ${typeInSecond.get(typesOfFirst.get(number))})`)
      .replace(/\(call_indirect \$\S+/g, `(call_indirect ${tableOfSecond}`)
      .replace(CALL, (_, callee) => `(call ${shims.get(callee) ?? copies.get(callee).name}`);
  }
  const more = [...copies.values()].filter(({ name }) => name.endsWith(' leaf"')).map(({ text }) => ` ${text}\n`);
  const result = second.replace(shim, (text, name, place) => {
    const own = copies.get(places.get(Number(place)));
    return own?.name === name ? `\n${own.text}` : text;
  });
  return result.replace(/\)\s*$/, () => `${more.join("")})\n`);
}
