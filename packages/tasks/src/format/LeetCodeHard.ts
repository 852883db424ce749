/**
 * LeetCode-Hard as Reflexion and TextGrad read it (Shinn et al., arXiv 2303.11366): JSON lines with a few local tests. The tests
 * that decide there belong to the site and are not published.
 */
import { basename } from "node:path"
import { Dataset } from "@backprose/core"
import * as Effect from "effect/Effect"
import type { FileSystem } from "effect/FileSystem"
import * as Schema from "effect/Schema"
import type { Problem } from "./Problem.ts"
import { lines } from "./Reader.ts"
import * as Statements from "./Statements.ts"

const Published = Schema.Struct({
  task_id: Schema.String,
  prompt: Schema.String,
  signature: Schema.String,
  test: Schema.String
})

// what the site imports for every solution, as far as we know: names of libraries first, then the libraries, some of which have
// a name of their own, and at last what `math` has hidden
const preamble = `from typing import *
from bisect import *
from collections import *
from copy import *
from functools import *
from heapq import *
from itertools import *
from math import *
from random import *
import bisect, collections, copy, datetime, functools, heapq, itertools, math, operator, random, re, string, sys
from builtins import *`

const asserts = (test: string) => Statements.split(test, "#")

const problem = ({ prompt, signature, task_id, test }: typeof Published.Type): Problem => ({
  id: task_id,
  language: "python",
  prompt,
  entryPoint: /^\s*(?:def\s+)?(\w+)/.exec(signature)?.[1] ?? "",
  publicTests: asserts(test),
  hiddenTests: [],
  preamble
})

const published = lines(Published, problem)

const Hidden = Schema.Struct({ task_id: Schema.String, test: Schema.String })

const hidden = lines(Hidden, ({ task_id, test }) => [task_id, asserts(test)] as const)

/**
 * The problems; the local tests are public. There are hidden tests where a second file of the user's own has them, JSON lines of
 * `task_id` and `test` with an assertion a line; without them only the public ones can be measured. Fails where that file has
 * tests of a problem that is not there.
 */
export const read = (
  file: string,
  hiddenFile?: string
): Effect.Effect<ReadonlyArray<Problem>, Dataset.DatasetError, FileSystem> =>
  Effect.gen(function* () {
    const problems = yield* published(file)
    if (hiddenFile === undefined) return problems
    const tests = new Map(yield* hidden(hiddenFile))
    const known = new Set(problems.map(({ id }) => id))
    const stray = [...tests.keys()].find((id) => !known.has(id))
    if (stray !== undefined) {
      const problem = `there is no problem "${stray}" in ${basename(file)}`
      return yield* new Dataset.DatasetError({ file: hiddenFile, line: 0, field: "task_id", problem })
    }
    return problems.map((one) => ({ ...one, hiddenTests: tests.get(one.id) ?? [] }))
  })
