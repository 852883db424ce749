/**
 * What a solution in JavaScript may not take from its tests, as text: names, functions and methods of the language as they
 * were before it ran. What hangs on a constructor or on `Math` and the like can no longer be replaced, only added to; what is
 * inherited by values can (solutions do so with good reason) and is put back before each test.
 */
export const builtins = String.raw`
const { defineProperty, getOwnPropertyDescriptor, getPrototypeOf, setPrototypeOf } = Object;
const { apply, ownKeys, deleteProperty } = Reflect;
const names = [], values = [], inherited = [];
const known = "Object Function Array Number Boolean String Symbol BigInt Math JSON Reflect Proxy Promise Date RegExp Error " +
  "TypeError RangeError SyntaxError ReferenceError EvalError URIError AggregateError Map Set WeakMap WeakSet WeakRef " +
  "ArrayBuffer DataView Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Float32Array " +
  "Float64Array BigInt64Array BigUint64Array parseInt parseFloat isNaN isFinite encodeURIComponent decodeURIComponent " +
  "encodeURI decodeURI";
// V8 would hand the functions on the stack to whoever puts one there
if (!Object.hasOwn(Error, "prepareStackTrace")) defineProperty(Error, "prepareStackTrace", { writable: true, configurable: true });
for (const name of known.split(" ")) {
  const value = globalThis[name];
  if (value === undefined) continue;
  if (name !== entryPoint) { names.push(name); values.push(value); }
  for (const key of ownKeys(value)) {
    const { writable } = getOwnPropertyDescriptor(value, key);
    // how much of a stack is kept is anybody's choice
    if (writable && key !== "stackTraceLimit") defineProperty(value, key, { writable: false, configurable: false });
  }
  if (typeof value.prototype === "object") inherited.push(value.prototype);
}
inherited.push(Function.prototype, getPrototypeOf(Int8Array).prototype, getPrototypeOf(function* () {}.prototype));
for (const one of [[], "", new Map(), new Set()]) inherited.push(getPrototypeOf(one[Symbol.iterator]()));
inherited.push(getPrototypeOf(inherited[inherited.length - 1]));
const before = inherited.map((of) => ({
  of,
  had: ownKeys(of).map((key) => ({ key, was: setPrototypeOf(getOwnPropertyDescriptor(of, key), null) })),
}));
const isText = RegExp.prototype.test, isIndex = /^\d+$/;
const putBack = () => {
  for (let i = 0; i < before.length; i++) {
    const { had, of } = before[i], now = ownKeys(of);
    for (let k = 0; k < had.length; k++) {
      const { key, was } = had[k], is = getOwnPropertyDescriptor(of, key);
      if (is === undefined || is.value !== was.value || is.get !== was.get || is.set !== was.set) defineProperty(of, key, was);
    }
    // methods of its own stay; an element, or what computes at each look, does not
    for (let k = 0; k < now.length && now.length > had.length; k++) {
      const key = now[k], is = getOwnPropertyDescriptor(of, key);
      // the length of Array.prototype took its elements along
      let own = is !== undefined;
      for (let j = 0; j < had.length; j++) if (had[j].key === key) own = false;
      if (own && (typeof key !== "string" || is.get || is.set || apply(isText, isIndex, [key]))) deleteProperty(of, key);
    }
  }
};
`
