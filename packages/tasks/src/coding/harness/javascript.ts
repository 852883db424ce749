/**
 * The program that tests a solution in JavaScript or TypeScript. It reads solution and tests from its standard input, and runs
 * them as scripts of one global scope: the solution cannot leave before its tests, nor read them. It needs `require("vm")`,
 * and what a jail has to read and write with.
 *
 * It guards against what solutions do by accident or to look good: printing, leaving, replacing what tests use, promises that
 * nobody awaits. A test that does not end is ended with the program, and those behind it are not run. Decision 18 has the list
 * of what is kept out and what is not.
 */
import { Inside } from "@backprose/sandbox"
import * as Statements from "../../format/Statements.ts"
import { assertion } from "./assertion.ts"
import { builtins } from "./builtins.ts"
import { compared } from "./compared.ts"
import type { Marks, Suite } from "./Suite.ts"
import { script } from "./script.ts"

/** What the program reads. */
export const stdin = (
  { entryPoint, language, preamble, solution, tests }: Suite,
  marks: ReadonlyArray<Marks>
): string =>
  JSON.stringify({
    language,
    entryPoint,
    code: script(`${preamble}\n${solution}`),
    tests: tests.map((test) => forms(script(compared(test)))),
    marks
  })

/** A test that gives its last value, for it may be a promise; as it is where that is no code. */
const forms = (test: string): ReadonlyArray<string> => {
  const statements = [...Statements.split(test, "//")]
  const last = statements.pop()?.replace(/;\s*$/, "") ?? ""
  return /^(?:(?:async\s+)?function\b|class\b|\{)/.test(last)
    ? [test]
    : [[...statements, `return valueOfTest(${last}\n)`].join("\n"), test]
}

/** The program, the same for all suites. */
export const program = (): string => String.raw`(() => {
"use strict";
const node = typeof process === "object" ? process : undefined;
const given = JSON.parse(node ? require("node:fs").readFileSync(0, "utf8") : stdin);
const { code, entryPoint, language, marks, tests } = given;
if (!node) globalThis.stdin = "";
const { writeSync } = node ? require("node:fs") : {}, print = console.log;
const out = node ? (line) => writeSync(1, line + "\n") : (line) => print(line);
const quote = JSON.stringify, text = String, substring = String.prototype.substring, then = Promise.prototype.then;
const { runInThisContext } = require("node:vm");
const { stripTypeScriptTypes } = node && language === "typescript" ? require("node:module") : {};
const transform = node && node.allowedNodeEnvironmentFlags.has("--experimental-transform-types");
const compiled = (code) =>
  runInThisContext(stripTypeScriptTypes ? stripTypeScriptTypes(code, { mode: transform ? "transform" : "strip" }) : code);
${builtins}
const same = ${Inside.same()};
const cut = (text, end) => apply(substring, text, [0, end]);
// of the test under way: why it failed, whether it gave a promise, and how many assertions it came to
let failure, promised = false, assertions = 0;
const valueOfTest = (value) => {
  promised = typeof value === "object" && value !== null && typeof value.then === "function";
  return value;
};
const failed = (message) => { if (failure === undefined) failure = message; };
const reached = () => { assertions++; };
${assertion}
const silent = () => {};
for (const name of ["log", "info", "warn", "error", "debug", "table", "dir", "trace"]) console[name] = silent;
console.assert = (condition, message) => assert(condition, message);
const own = { ...console };
const outer = require;
const required = (name) => {
  if (name === "assert" || name === "node:assert" || name === "assert/strict" || name === "node:assert/strict") return assert;
  return outer(name);
};
const module = { exports: {} };
for (const [name, value] of [["require", required], ["module", module], ["exports", module.exports]])
  defineProperty(globalThis, name, { value, writable: true, configurable: true });
const isError = Error;
const told = (error) => {
  if (error instanceof AssertionError) return error.message;
  try { return text(error instanceof isError ? error.name + ": " + error.message : "it threw " + shown(error)); }
  catch { return "it threw something that cannot be shown"; }
};
const say = (i, message) => {
  out("\n" + (message === undefined ? marks[i].passed : marks[i].failed + quote(cut(message, 1000))));
};
const leave = node ? node.exit : silent;
// once what is under way has been done: by the clock of Node, elsewhere after some turns
const soon = typeof setImmediate === "function" ? setImmediate : async (next) => {
  for (let i = 0; i < 50; i++) await undefined;
  next();
};
if (node) node.on("unhandledRejection", (error) => failed(told(error)));

// strict, so that functions of the solution cannot ask who called them; blocks of their own, for names of parameters
const head = "(async (valueOfTest, assert, console, require, " + names.join(", ") + ") => { \"use strict\"; {\n";
const ready = tests.map((forms) => {
  let unreadable;
  for (const form of forms) {
    try { return { test: compiled(head + form + "\n} })") }; } catch (error) { unreadable = told(error); }
  }
  return { unreadable: "the test cannot be read: " + unreadable };
});
let broken;
try { compiled(code); } catch (error) { broken = "the code failed before any test: " + told(error); }
const parameters = [valueOfTest, assert, own, required, ...values];

const run = (i) => {
  if (i === ready.length) return leave(0);
  const { test, unreadable } = ready[i];
  if (broken !== undefined || unreadable !== undefined) {
    say(i, broken === undefined ? unreadable : broken);
    return run(i + 1);
  }
  failure = undefined;
  promised = false;
  assertions = 0;
  const end = () => soon(() => {
    if (promised && assertions === 0) failed("it came to no assertion");
    say(i, failure);
    run(i + 1);
  });
  putBack();
  const promise = apply(test, undefined, parameters);
  apply(then, promise, [end, (error) => { failed(told(error)); end(); }]);
};
run(0);
})()
`
