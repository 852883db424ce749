/**
 * The program that tests a solution in Python. Each test runs in a copy of the solution's names. What compares is taken apart,
 * so that a failure tells the values. A test that takes too long is ended, and the next one runs.
 *
 * It guards against what solutions do by accident or to look good: printing, leaving, catching everything, `__eq__` that is
 * always true. Code that reads the memory of its own process can say anything; only a process of its own for the judge could
 * prevent that.
 */
import { mark, type Suite } from "./Suite.ts"

/** The program, which reads nothing and writes one line a test. */
export const program = (suite: Suite): string => {
  const { preamble, solution, testMillis, tests } = suite
  // a JSON string is a Python string
  const texts = [mark(suite), preamble, solution].map((text) => JSON.stringify(text))
  return `${harness}\nharness(${texts.join(", ")}, ${JSON.stringify(tests)}, ${testMillis / 1000})\n`
}

const harness = String.raw`
import ast, io, operator, os, signal, sys, types
from json.encoder import encode_basestring_ascii

OPERATORS = {
    "Eq": (operator.eq, "=="), "NotEq": (operator.ne, "!="), "Lt": (operator.lt, "<"),
    "LtE": (operator.le, "<="), "Gt": (operator.gt, ">"), "GtE": (operator.ge, ">="),
}

class Late(BaseException):
    pass

class Nowhere(io.TextIOBase):
    def write(self, text):
        return len(text)

class Telling(ast.NodeTransformer):
    """Asserts that tell what they saw."""
    def __init__(self, check, alone):
        self.check, self.alone = check, alone

    def visit_Assert(self, node):
        test, source = node.test, ast.unparse(node.test)
        if isinstance(test, ast.Compare) and len(test.ops) == 1 and type(test.ops[0]).__name__ in OPERATORS:
            right = test.comparators[0]
            swapped = calls(right) and not calls(test.left)
            notes = [type(test.ops[0]).__name__, swapped, "" if self.alone else source + ": "]
            name = ast.Name(self.check, ast.Load())
            call = ast.Call(name, [test.left, right] + [ast.Constant(note) for note in notes], [])
            return ast.copy_location(ast.Expr(call), node)
        if node.msg is None:
            node.msg = ast.Constant("this is not true: " + source)
        return node

def calls(tree):
    return any(isinstance(node, ast.Call) for node in ast.walk(tree))

def harness(mark, preamble, solution, tests, seconds):
    # what a solution could replace is kept before it runs
    run, leave, write, quote, show = exec, os._exit, os.write, encode_basestring_ascii, repr
    timer, kind, clock, same = signal.setitimer, type, signal.ITIMER_PROF, zip
    armed = [False]

    def late(*_):
        if armed[0]:
            raise Late()

    def shown(value):
        try:
            text = show(value)
        except Exception as error:
            text = "a value that cannot be shown"
        return text if len(text) <= 300 else text[:297] + "..."

    def forged(value, expected):
        """Whether two things are equal only because the solution's own class says so."""
        if kind(value) is not kind(expected):
            own = getattr(kind(value).__eq__, "__code__", None)
            return own is not None and own.co_filename == "solution"
        if kind(value) is list or kind(value) is tuple:
            return any(forged(a, b) for a, b in same(value, expected))
        if kind(value) is dict:
            return any(forged(one, expected[key]) for key, one in value.items() if key in expected)
        return False

    def check(left, right, name, swapped, source):
        apply, symbol = OPERATORS[name]
        if apply(left, right):
            if name == "Eq" and (forged(right, left) if swapped else forged(left, right)):
                raise AssertionError(source + "it is equal only by an __eq__ of the solution's own")
        elif name == "Eq":
            got, expected = (right, left) if swapped else (left, right)
            raise AssertionError(source + "got " + shown(got) + ", expected " + shown(expected))
        else:
            raise AssertionError(source + "not true: " + shown(left) + " " + symbol + " " + shown(right))

    def told(error):
        if isinstance(error, Late):
            return "it took longer than " + str(seconds) + " s"
        line, trace = None, error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == "solution":
                line = trace.tb_lineno
            trace = trace.tb_next
        try:
            text = str(error)
        except Exception:
            text = ""
        if kind(error) is AssertionError and line is None:
            return text
        place = "" if line is None else " (line " + str(line) + " of the solution)"
        return kind(error).__name__ + (": " + text if text else "") + place

    def say(number, error=None):
        message = "" if error is None else error[:1000] or "it failed"
        passed = "true" if error is None else "false"
        line = "\n" + mark + '{"test":' + str(number) + ',"passed":' + passed + ',"message":' + quote(message) + "}\n"
        rest = line.encode()
        while rest:
            rest = rest[write(1, rest):]

    def attempt(work):
        """What went wrong, in words, or None."""
        try:
            try:
                armed[0] = True
                # again and again, for code that catches everything
                timer(clock, seconds, 0.05)
                work()
            finally:
                armed[0] = False
        except BaseException as error:
            armed[0] = False
            return told(error)

    def compiled(test):
        try:
            tree = ast.parse(test)
            alone = len(tree.body) == 1 and isinstance(tree.body[0], ast.Assert)
            tree = ast.fix_missing_locations(Telling("check_" + mark, alone).visit(tree))
            return compile(tree, "test", "exec"), None
        except Exception as error:
            return None, "the test cannot be read: " + told(error)

    ready = [compiled(test) for test in tests]
    module = types.ModuleType("solution")
    sys.modules["solution"] = module
    names = module.__dict__
    sys.stdout = sys.stderr = Nowhere()
    signal.signal(signal.SIGPROF, late)

    def load():
        run(compile(preamble, "preamble", "exec"), names)
        run(compile(solution, "solution", "exec"), names)

    broken = attempt(load)
    for number, (code, unreadable) in enumerate(ready):
        if broken is not None:
            say(number, "the code failed before any test: " + broken)
        elif unreadable is not None:
            say(number, unreadable)
        else:
            scope = {**names, "check_" + mark: check}
            say(number, attempt(lambda: run(code, scope)))
    leave(0)
`
