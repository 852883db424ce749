/**
 * `assert` for tests in JavaScript, as text: the part of `node:assert` that tests use, for places that have no modules. It
 * tells the values that were compared. A failure counts when it happens, since code may catch what is thrown. What it uses is
 * looked up before the solution runs.
 */
export const assertion = String.raw`
class AssertionError extends Error {}
const { is, keys, freeze } = Object, { isArray } = Array, isNaN = Number.isNaN;
const isSet = (value) => value instanceof Set, isMap = (value) => value instanceof Map;
const shown = (value, depth = 0) => {
  const whole = show(value, depth);
  return whole.length > 300 && depth === 0 ? cut(whole, 297) + "..." : whole;
};
const show = (value, depth) => {
  if (typeof value === "string") return quote(value);
  if (typeof value === "bigint") return value + "n";
  if (typeof value === "number") return is(value, -0) ? "-0" : "" + value;
  if (typeof value === "function") return "a function";
  if (typeof value !== "object" || value === null) return text(value);
  if (value instanceof Promise) return "a promise";
  if (value instanceof Date || value instanceof RegExp || value instanceof Error) return text(value);
  if (depth > 4) return "...";
  const list = isArray(value) ? value : isSet(value) || isMap(value) ? [...value] : undefined;
  let inside = "", n = 0;
  const add = (part) => { inside += (n++ === 0 ? "" : ", ") + part; };
  if (list !== undefined) for (let i = 0; i < list.length && i < 100; i++) add(shown(list[i], depth + 1));
  else { const own = keys(value); for (let i = 0; i < own.length; i++) add(own[i] + ": " + shown(value[own[i]], depth + 1)); }
  const name = isArray(value) ? "" : isSet(value) ? "Set " : isMap(value) ? "Map " : "";
  return list === undefined ? "{" + inside + "}" : name + "[" + inside + "]";
};
const fail = (message) => { failed(message); throw new AssertionError(message); };
const compare = (holds, wanted) => (actual, expected) => {
  reached();
  if (holds(actual, expected) === wanted) return;
  let said = "the values cannot be shown";
  try {
    said = wanted ? "got " + shown(actual) + ", expected " + shown(expected) : "got " + shown(actual) + ", which it must not be";
  } catch {}
  fail(said);
};
const assert = (condition, message) => {
  reached();
  if (!condition) fail(typeof message === "string" && message !== "" ? message : "this is not true");
};
const loosely = (a, b) => a == b || (isNaN(a) && isNaN(b));
const deeply = (a, b) => same(a, b, false), strictly = (a, b) => same(a, b, true);
assert.AssertionError = AssertionError;
assert.ok = assert;
assert.fail = (message) => assert(false, message);
assert.equal = compare(loosely, true);
assert.notEqual = compare(loosely, false);
assert.strictEqual = compare(is, true);
assert.notStrictEqual = compare(is, false);
assert.deepEqual = compare(deeply, true);
assert.notDeepEqual = compare(deeply, false);
assert.deepStrictEqual = compare(strictly, true);
assert.notDeepStrictEqual = compare(strictly, false);
assert.throws = (work) => {
  reached();
  const was = failure;
  let thrown = false;
  try { work(); } catch { thrown = true; }
  failure = was;
  if (!thrown) fail("it threw nothing");
};
assert.doesNotThrow = (work) => { reached(); work(); };
assert.rejects = async (work) => {
  reached();
  const was = failure;
  let rejected = false;
  try { await (typeof work === "function" ? work() : work); } catch { rejected = true; }
  failure = was;
  if (!rejected) fail("it rejected nothing");
};
assert.compared = (actual, expected, holds) => compare(holds, true)(actual, expected);
assert.strict = assert;
assert.default = assert;
for (const key of keys(assert)) freeze(assert[key]);
freeze(assert);
`
