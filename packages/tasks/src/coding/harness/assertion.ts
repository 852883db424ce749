/**
 * `assert` for tests in JavaScript, as text: the part of `node:assert` that tests use, for places that have no modules. It
 * tells the values that were compared.
 */
export const assertion = String.raw`
class AssertionError extends Error {}
const { is, keys, getPrototypeOf } = Object, { isArray } = Array, isNaN = Number.isNaN;
const shown = (value, depth = 0) => {
  const whole = show(value, depth);
  return whole.length > 300 && depth === 0 ? whole.slice(0, 297) + "..." : whole;
};
const show = (value, depth) => {
  if (typeof value === "string") return quote(value);
  if (typeof value === "bigint") return value + "n";
  if (typeof value === "number") return is(value, -0) ? "-0" : "" + value;
  if (typeof value === "function") return "a function";
  if (typeof value !== "object" || value === null) return text(value);
  if (depth > 4) return "...";
  const parts = [];
  const list = isArray(value) ? value : value instanceof Set || value instanceof Map ? [...value] : undefined;
  if (list !== undefined) for (let i = 0; i < list.length && i < 100; i++) parts[i] = shown(list[i], depth + 1);
  else for (const key of keys(value)) parts[parts.length] = key + ": " + shown(value[key], depth + 1);
  let inside = "";
  for (let i = 0; i < parts.length; i++) inside += (i === 0 ? "" : ", ") + parts[i];
  const name = isArray(value) ? "" : value instanceof Set ? "Set " : value instanceof Map ? "Map " : "";
  return list === undefined ? "{" + inside + "}" : name + "[" + inside + "]";
};
// strict: by Object.is and with prototypes, as deepStrictEqual; else numbers may equal their texts, as deepEqual
const alike = (a, b, strict) => {
  if (strict ? is(a, b) : a === b || (isNaN(a) && isNaN(b))) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) {
    const simple = (value) => value === null || typeof value !== "object";
    return !strict && simple(a) && simple(b) && a == b;
  }
  if (isArray(a) !== isArray(b) || (strict && getPrototypeOf(a) !== getPrototypeOf(b))) return false;
  if (a instanceof Date && b instanceof Date && a.getTime() !== b.getTime()) return false;
  if (a instanceof RegExp && b instanceof RegExp && text(a) !== text(b)) return false;
  if (a instanceof Set || b instanceof Set || a instanceof Map || b instanceof Map) {
    if (a instanceof Set !== b instanceof Set || a instanceof Map !== b instanceof Map || a.size !== b.size) return false;
    const rest = [...b];
    for (const one of a) {
      const found = rest.findIndex((other) => alike(one, other, strict));
      if (found < 0) return false;
      rest.splice(found, 1);
    }
    return true;
  }
  const own = keys(a);
  if (own.length !== keys(b).length || (isArray(a) && a.length !== b.length)) return false;
  for (const key of own) if (!(key in b) || !alike(a[key], b[key], strict)) return false;
  return true;
};
const compare = (holds, wanted) => (actual, expected) => {
  if (holds(actual, expected) !== wanted) {
    throw new AssertionError(wanted
      ? "got " + shown(actual) + ", expected " + shown(expected)
      : "got " + shown(actual) + ", which it must not be");
  }
};
const assert = (condition, message) => {
  if (!condition) throw new AssertionError(typeof message === "string" && message !== "" ? message : "this is not true");
};
assert.AssertionError = AssertionError;
assert.ok = assert;
assert.fail = (message) => assert(false, message);
assert.equal = compare((a, b) => a == b || (isNaN(a) && isNaN(b)), true);
assert.notEqual = compare((a, b) => a == b || (isNaN(a) && isNaN(b)), false);
assert.strictEqual = compare(is, true);
assert.notStrictEqual = compare(is, false);
assert.deepEqual = compare((a, b) => alike(a, b, false), true);
assert.notDeepEqual = compare((a, b) => alike(a, b, false), false);
assert.deepStrictEqual = compare((a, b) => alike(a, b, true), true);
assert.notDeepStrictEqual = compare((a, b) => alike(a, b, true), false);
assert.throws = (work) => {
  let thrown = false;
  try { work(); } catch { thrown = true; }
  if (!thrown) throw new AssertionError("it threw nothing");
};
assert.doesNotThrow = (work) => { work(); };
assert.compared = (actual, expected, holds) => compare(holds, true)(actual, expected);
assert.strict = assert;
assert.default = assert;
for (const key of keys(assert)) Object.freeze(assert[key]);
Object.freeze(assert);
`
