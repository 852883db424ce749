/**
 * The program that tests a solution in JavaScript or TypeScript. Solution and tests are text of one program, each test a
 * function in the scope of the solution. It needs `console.log` and nothing else of where it runs.
 *
 * It guards against what solutions do by accident or to look good: printing, leaving, replacing `assert` or `JSON`. A test that
 * does not end is ended with the program, and those behind it are not run. (See `python.ts` for what it cannot prevent.)
 */
import { assertion } from "./assertion.ts"
import { compared } from "./compared.ts"
import { mark, type Suite } from "./Suite.ts"

/** The program, which reads nothing and writes one line a test. */
export const program = (suite: Suite): string => {
  const own = mark(suite)
  const register = `test_${own.slice(0, 12)}`
  const scope = `(${register}, require, module, exports) => {`
  // blocks of their own: what the solution or a test declares may have the name of a parameter
  const tests = suite.tests.map(
    (test, i) => `${register}(${i}, (assert, console, require) => { {\n${compared(test)}\n} });`
  )
  return [
    harness(own, suite.tests.length),
    `(${scope} {`,
    suite.preamble,
    suite.solution,
    ";",
    ...tests,
    "} });",
    ""
  ].join("\n")
}

const harness = (mark: string, tests: number): string => String.raw`((load) => {
"use strict";
const mark = ${JSON.stringify(mark)}, total = ${tests};
const out = console.log.bind(console);
const quote = JSON.stringify, text = String, isError = Error;
${assertion}
const silent = () => {};
for (const name of ["log", "info", "warn", "error", "debug", "table", "dir", "trace"]) console[name] = silent;
console.assert = (condition, message) => assert(condition, message);
const own = { ...console };
const outer = typeof require === "function" ? require : undefined;
const required = (name) => {
  if (name === "assert" || name === "node:assert" || name === "assert/strict") return assert;
  if (outer === undefined) throw new Error("there is no module " + name);
  return outer(name);
};
const told = (error) => {
  if (error instanceof AssertionError) return error.message;
  try { return text(error instanceof isError ? error.name + ": " + error.message : "it threw " + shown(error)); }
  catch { return "it threw something that cannot be shown"; }
};
const say = (number, error) => {
  const message = error === undefined ? "" : error.length > 1000 ? error.slice(0, 1000) : error === "" ? "it failed" : error;
  out("\n" + mark + "{\"test\":" + number + ",\"passed\":" + (error === undefined) + ",\"message\":" + quote(message) + "}");
};
const tests = [];
let broken;
const module = {};
module.exports = {};
try { load((number, test) => { tests[tests.length] = { number, test }; }, required, module, module.exports); }
catch (error) { broken = "the code failed before any test: " + told(error); }
if (broken !== undefined) for (let number = 0; number < total; number++) say(number, broken);
else for (let i = 0; i < tests.length; i++) {
  let error;
  try { tests[i].test(assert, own, required); } catch (thrown) { error = told(thrown); }
  say(tests[i].number, error);
}
})`
