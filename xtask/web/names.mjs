// Short names for what the program imports from its glue: wasm-bindgen's names carry a hash each, which no
// compression makes smaller, and each stands in both files.

/** Reads an unsigned LEB128 number: the number, and where it ends. */
function number(bytes, at) {
  let [value, shift] = [0, 0];
  for (;;) {
    const byte = bytes[at++];
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return [value, at];
    shift += 7;
  }
}

/** Writes one. */
function written(value) {
  const bytes = [];
  do {
    bytes.push(value % 128 + (value >= 128 ? 128 : 0));
    value = Math.floor(value / 128);
  } while (value);
  return Buffer.from(bytes);
}

const text = (value) => Buffer.concat([written(Buffer.byteLength(value)), Buffer.from(value)]);

/** Where the description of an import ends. */
function described(bytes, at) {
  const kind = bytes[at++];
  const limits = () => {
    const flags = bytes[at++];
    [, at] = number(bytes, at);
    if (flags & 1) [, at] = number(bytes, at);
  };
  if (kind === 0) [, at] = number(bytes, at);
  else if (kind === 1) { at += 1; limits(); }
  else if (kind === 2) limits();
  else if (kind === 3) at += 2;
  else throw new Error(`an import of kind ${kind}`);
  return at;
}

const IMPORT_SECTION = 2;

/** The module and its glue, with short names for every import that the glue defines under a name with a hash. */
export function shorten(wasm, glue) {
  let at = 8;
  while (at < wasm.length) {
    const [size, start] = number(wasm, at + 1);
    if (wasm[at] !== IMPORT_SECTION) {
      at = start + size;
      continue;
    }
    let [count, here] = number(wasm, start);
    const parts = [written(count)];
    const short = new Map();
    for (; count > 0; count -= 1) {
      const string = () => {
        const [length, from] = number(wasm, here);
        here = from + length;
        return wasm.toString("utf8", from, here);
      };
      const [module, name] = [string(), string()];
      if (/^__wb.*_[0-9a-f]{16}$/.test(name) && !short.has(name)) short.set(name, `I${short.size.toString(36)}`);
      const end = described(wasm, here);
      parts.push(text(module), text(short.get(name) ?? name), wasm.subarray(here, end));
      here = end;
    }
    const body = Buffer.concat(parts);
    const named = glue.replace(/\b__wb\w*_[0-9a-f]{16}\b/g, (name) => short.get(name) ?? name);
    for (const name of short.values()) {
      if (named.split(new RegExp(`\\b${name}\\b`)).length !== 2) throw new Error(`the glue does not have ${name} once`);
    }
    return [Buffer.concat([wasm.subarray(0, at + 1), written(body.length), body, wasm.subarray(start + size)]), named];
  }
  throw new Error("a module without imports");
}
