import { spawnSync } from "node:child_process"
import { Bubblewrap } from "@backprose/sandbox"
import { assert, describe, layer } from "@effect/vitest"
import { Effect } from "effect"
import * as Harness from "./Harness.ts"

const run = (solution: string, tests: ReadonlyArray<string>) => {
  const problem = {
    id: "f",
    language: "python",
    prompt: "",
    entryPoint: "f",
    publicTests: [],
    hiddenTests: []
  } as const
  return Harness.run({ problem, solution, tests })
}

const jailed = spawnSync("bwrap", ["--version"]).status === 0
if (!jailed) console.log("skipped: tricks in Python, since there is no bubblewrap here")

/** Equal to everything, by a method that no file name tells. */
const any = "exec('class A:\\n def __eq__(self, other): return True\\n def __hash__(self): return hash(1)')\n"

/** What finds an expected value or a mark in the frames, from wherever it has one. */
const seek = `
def seek(frame):
    while frame:
        for value in [*frame.f_locals.values(), *frame.f_code.co_consts]:
            if value == 7654321 or (type(value) is dict and "passed" in value): return 7654321
        frame = frame.f_back
`

const tricks: Record<string, readonly [solution: string, ...tests: ReadonlyArray<string>]> = {
  "a value of the library that is equal to everything": [
    "from unittest.mock import ANY\ndef f(x): return ANY",
    "assert f(1) == 2",
    "assert 2 == f(1)",
    "assert f(1) in [2, 3]",
    "assert f(1) == 2 and f(2) == 3",
    "assert all(a == b for a, b in zip([f(1)], [2]))",
    "assert 0 <= 1 == f(1)",
    "assert f(1) == 2 == 2"
  ],
  "a class without a file": [`${any}def f(x): return A()`, "assert f(1) == 1", "assert [1] == [f(1)]"],
  "a method that is no function": [
    "import functools\nclass A:\n    __eq__ = functools.partialmethod(lambda *a: True)\ndef f(x): return A()",
    "assert f(1) == 2"
  ],
  "the opposite as equality": ["class A(int): __eq__ = int.__ne__\ndef f(x): return A(9)", "assert f(1) == 2"],
  "a comparison that always holds": [
    "class A:\n    __lt__ = __ne__ = lambda *a: True\ndef f(x): return A()",
    "assert f(1) < 2",
    "assert f(1) != 2"
  ],
  "a difference that is always 0": [
    "class A:\n    def __sub__(self, other): return 0\ndef f(x): return A()",
    "assert abs(f(1) - 7) < 1e-6"
  ],
  "sets and what else holds values": [
    `${any}def f(x): return {1: {A()}, 2: {A(): 1}, 3: {'a': [(A(),)]}, 4: frozenset([A()]), 5: {A(): 1}.keys()}[x]`,
    "assert f(1) == {1}",
    "assert f(2) == {1: 1}",
    "assert f(3) == {'a': [(1,)]}",
    "assert f(4) == {1}",
    "assert f(5) == {1}"
  ],
  "a proxy": [
    "import weakref\nclass A:\n    def __eq__(self, other): return True\na = A()\ndef f(x): return weakref.proxy(a)",
    "assert f(1) == 2"
  ],
  "a changed class of the library": [
    "import fractions\nfractions.Fraction.__eq__ = lambda *a: True\ndef f(x): return fractions.Fraction(1, 3)",
    "assert f(1) == 2"
  ],
  "what the program is made of": [
    "import __main__\ntry: __main__.OPERATORS['Eq'] = (lambda a, b: True, '==')\nexcept AttributeError: pass\ndef f(x): return 0",
    "assert f(1) == 2"
  ],
  "replaced built-ins": [
    `import builtins\n${any}builtins.any = lambda *a: False\nbuiltins.all = lambda *a: True\nbuiltins.isinstance = lambda *a: True\nbuiltins.abs = lambda x: 0\ndef f(x): return A()`,
    "assert f(1) == 2",
    "assert abs(len([f(1)]) - 7) < 1e-6",
    "assert all([f(1) is 7])"
  ],
  "names of built-ins": ["abs = lambda x: 0\ndef f(x): return 0", "assert abs(f(1) - 7) < 1e-6"],
  "replaced functions of modules": [
    "import math\nmath.isclose = lambda *a, **k: True\ndef f(x): return 0",
    "assert math.isclose(f(1), 7)",
    "import math\nassert math.isclose(f(1), 7)",
    "from math import isclose\nassert isclose(f(1), 7)"
  ],
  "the frames of who calls": [`${seek}import sys\ndef f(x): return seek(sys._getframe())`, "assert f(1) == 7654321"],
  "the frames of an error": [
    `${seek}def f(x):\n    try: 1 / 0\n    except ZeroDivisionError as error: return seek(error.__traceback__.tb_frame)`,
    "assert f(1) == 7654321"
  ],
  "all objects": [
    "import gc\ndef f(x):\n    for one in gc.get_objects():\n        if type(one) is dict and 'passed' in one: return 7654321",
    "assert f(1) == 7654321"
  ],
  "the program as a file, or what it read": [
    "import os, sys\ndef f(x):\n    text = open('/program.py').read() + sys.stdin.read() + os.read(0, 10000).decode()\n    return 7654321 if '7654321' in text else 0",
    "assert f(1) == 7654321"
  ]
}

describe.skipIf(!jailed)("a solution in Python does not pass by", () => {
  layer(Bubblewrap.layer())((it) => {
    for (const [name, [solution, ...tests]] of Object.entries(tricks)) {
      it.effect(name, () =>
        Effect.gen(function* () {
          for (const { message, passed, test } of yield* run(solution, tests)) {
            assert.isFalse(passed, test)
            assert.isNotEmpty(message)
          }
        })
      )
    }
  })
})

const right: Record<string, readonly [solution: string, ...tests: ReadonlyArray<string>]> = {
  "numbers of different kinds": [
    "from fractions import Fraction\nfrom decimal import Decimal\ndef f(x): return [1, 1.0, True, Fraction(2, 2), Decimal(1), 1 + 0j][x]",
    ...[0, 1, 2, 3, 4, 5].map((x) => `assert f(${x}) == 1`),
    "assert [f(3)] == [1]",
    "assert f(3) - 1 == 0",
    "assert abs(f(1) - 1) < 1e-6"
  ],
  "collections of the library": [
    "from collections import *\nP = namedtuple('P', 'x y')\nclass L(list): pass\ndef f(x): return [P(1, 2), OrderedDict(a=1), Counter('aab'), defaultdict(int, a=1), L([1]), deque([1])][x]",
    "assert f(0) == (1, 2)",
    "assert f(1) == {'a': 1}",
    "assert f(2) == {'a': 2, 'b': 1}",
    "assert f(3) == {'a': 1}",
    "assert f(4) == [1]",
    "assert list(f(5)) == [1]",
    "assert 1 in f(4) and 1 in f(5)"
  ],
  "generators, ranges and views": [
    "import itertools\ndef f(x): return [(i for i in [1, 2]), range(3), {1: 2}.values(), map(str, [1]), itertools.chain([1], [2])][x]",
    "assert 2 in f(0)",
    "assert f(1) == range(0, 3) and 2 in f(1)",
    "assert 2 in f(2)",
    "assert '1' in f(3)",
    "assert 2 in f(4)"
  ],
  "classes that the test names, or that are on both sides": [
    "class Money:\n    def __init__(self, n): self.n = n\n    def __eq__(self, o): return self.n == getattr(o, 'n', o)\n    def __add__(self, o): return Money(self.n + o.n)\ndef f(x): return Money(x)",
    "assert Money(3) == 3",
    "assert f(1) == f(1)",
    "assert f(1) != f(2)",
    "assert (f(1) + f(2)).n == 3",
    "assert [f(1)] == [Money(1)]"
  ],
  enumerations: [
    "from enum import Enum, IntEnum\nclass C(Enum):\n    A = 1\nclass N(IntEnum):\n    A = 1\ndef f(x): return [C.A, N.A][x]",
    "assert f(0) == C.A and f(0) in C",
    "assert f(1) == 1"
  ],
  "what solutions look up": [
    "import asyncio, dataclasses, logging, random, typing, warnings\nclass T(typing.NamedTuple):\n    x: int\nV = typing.TypeVar('V')\nasync def g(x): return x\ndef f(x):\n    warnings.warn('x'); logging.error('x')\n    return T(asyncio.run(g(x)))",
    "assert f(1) == (1,)",
    "assert f(1).x == 1"
  ],
  "helpers with names of built-ins": [
    "def sum(xs): return 'mine'\ndef f(x): return sum([x])",
    "assert f(1) == 'mine'",
    "assert sum([1, 2]) == 3"
  ],
  "tests of all kinds of code": [
    "def f(x): return x",
    "match f(-1):\n    case -1: pass\n    case _: assert False",
    "x: int | None = f(2)\nassert 0 < x <= 2 and x not in [3] and x is not None",
    "assert '%s-%d' % (f('a'), 1) == f'{f(chr(97))}-{1:>{0 + 1}}'",
    "import collections.abc, json\nassert isinstance(f([]), collections.abc.Iterable) and json.loads('[1]') == [1]",
    "try:\n    f()\nexcept TypeError:\n    pass\nelse:\n    assert False"
  ]
}

describe.skipIf(!jailed)("a solution in Python passes with", () => {
  layer(Bubblewrap.layer())((it) => {
    for (const [name, [solution, ...tests]] of Object.entries(right)) {
      it.effect(name, () =>
        Effect.map(run(solution, tests), (runs) =>
          assert.deepStrictEqual(
            runs.filter(({ passed }) => !passed),
            []
          )
        )
      )
    }
  })
})
