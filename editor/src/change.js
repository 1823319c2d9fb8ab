// The smallest single replacement that turns one text into another.

const isHighSurrogate = (code) => code >= 0xd800 && code <= 0xdbff;
const isLowSurrogate = (code) => code >= 0xdc00 && code <= 0xdfff;

/**
 * Returns {from, to, insert} in UTF-16 offsets of `before`, or null when the texts are equal.
 * Never cuts a surrogate pair in two.
 */
export function smallestChange(before, after) {
  if (before === after) return null;
  const shorter = Math.min(before.length, after.length);
  let from = 0;
  while (from < shorter && before.charCodeAt(from) === after.charCodeAt(from)) from++;
  if (from > 0 && isHighSurrogate(before.charCodeAt(from - 1))) from--;
  let tail = 0;
  while (
    tail < shorter - from &&
    before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)
  ) tail++;
  if (tail > 0 && isLowSurrogate(before.charCodeAt(before.length - tail))) tail--;
  return { from, to: before.length - tail, insert: after.slice(from, after.length - tail) };
}

/** Brings a range from anywhere into a text of this length, start before end. */
export function clampRange(range, length) {
  const inside = (n) => Math.max(0, Math.min(length, Number.isFinite(n) ? Math.floor(n) : 0));
  const from = inside(range.from);
  return { from, to: Math.max(from, inside(range.to)) };
}
