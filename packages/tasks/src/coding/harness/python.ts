/**
 * The program that tests a solution in Python. It reads solution and tests from its standard input. Each test runs in a copy
 * of the solution's names. What compares is taken apart, so that a failure tells the values. A test that takes too long is
 * ended, and the next one runs.
 *
 * It guards against what solutions do by accident or to look good: printing, leaving, catching everything, values that are
 * equal to everything, replaced built-ins, a look at the tests. All of it is one process: code that gets at that process's
 * memory can say anything. Decision 18 has the list of what is kept out and what is not.
 */
import type { Marks, Suite } from "./Suite.ts"

/** What the program reads. A JSON string is a Python string, whatever is in it. */
export const stdin = (suite: Suite, marks: ReadonlyArray<Marks>): string => JSON.stringify({ ...suite, marks })

const harness = String.raw`
import ast, cmath, collections, enum, fractions, decimal, functools, itertools, json, math, operator, re, sys, types
from _thread import get_ident
from json.encoder import encode_basestring_ascii as quote
from os import _exit as leave, write
from signal import ITIMER_PROF, SIGPROF, setitimer, signal
from weakref import CallableProxyType, ProxyType

def dunder(*names):
    return ["__" + name + "__" for name in names]

# what is taken apart in tests, how it is shown, and the methods that decide it
OPERATORS = {
    "Eq": (operator.eq, "==", dunder("eq")),
    "NotEq": (operator.ne, "!=", dunder("ne", "eq")),
    "Lt": (operator.lt, "<", dunder("lt", "gt")),
    "LtE": (operator.le, "<=", dunder("le", "ge")),
    "Gt": (operator.gt, ">", dunder("gt", "lt")),
    "GtE": (operator.ge, ">=", dunder("ge", "le")),
    "In": (lambda a, b: a in b, "in", dunder("eq", "contains", "iter")),
    "NotIn": (lambda a, b: a not in b, "not in", dunder("eq", "contains", "iter")),
    "Is": (operator.is_, "is", []),
    "IsNot": (operator.is_not, "is not", []),
}
SHOWN = {"Eq", "NotEq", "Lt", "LtE", "Gt", "GtE"}
for tree, name in {
    "Add": "add", "Sub": "sub", "Mult": "mul", "Div": "truediv", "FloorDiv": "floordiv", "Mod": "mod", "Pow": "pow",
    "BitAnd": "and", "BitOr": "or", "BitXor": "xor",
}.items():
    OPERATORS[tree] = (getattr(operator, dunder(name)[0]), name, dunder(name, "r" + name))

# names that no source can have
OPERATE, CHECK = "operate ", "check "

def calls(tree):
    return any(isinstance(node, ast.Call) for node in ast.walk(tree))

def call(name, sides, notes):
    return ast.Call(ast.Name(name, ast.Load()), sides + [ast.Constant(note) for note in notes], [])

def telling(node, alone):
    """The tree with what compares or computes handed to the harness, and with asserts that tell what they saw."""
    test = node.test if isinstance(node, ast.Assert) else None
    source = ast.unparse(test) if test else ""
    compared = type(test.ops[0]).__name__ if isinstance(test, ast.Compare) and len(test.ops) == 1 else ""
    swapped = compared != "" and calls(test.comparators[0]) and not calls(test.left)
    for field, value in ast.iter_fields(node):
        if isinstance(value, list):
            value[:] = [telling(one, alone) if isinstance(one, ast.AST) else one for one in value]
        # the operators of a pattern are signs
        elif isinstance(value, ast.AST) and not isinstance(node, getattr(ast, "pattern", ())):
            setattr(node, field, telling(value, alone))
    if compared in SHOWN:
        new = ast.Expr(call(CHECK, node.test.args[1:], [compared, swapped, "" if alone else source + ": "]))
    elif isinstance(node, ast.Compare):
        names = tuple(type(one).__name__ for one in node.ops)
        new = call(OPERATE, [ast.Constant(names), node.left] + node.comparators, [])
    elif isinstance(node, ast.BinOp) and type(node.op).__name__ in OPERATORS:
        new = call(OPERATE, [ast.Constant((type(node.op).__name__,)), node.left, node.right], [])
    else:
        if test and node.msg is None:
            node.msg = ast.Constant("this is not true: " + source)
        return node
    return ast.copy_location(new, node)

# read as C reads them: a class of the solution cannot answer otherwise
mro, members, flags = (type.__dict__[name].__get__ for name in ("__mro__", "__dict__", "__flags__"))
PARTS = {
    id(kind): parts
    for kind, parts in [(kind, [kind.__iter__]) for kind in (
        list, tuple, set, frozenset, collections.deque, type({}.keys()), type({}.values()), type({}.items())
    )] + [(dict, [dict.keys, dict.values])]
}
# kinds of values that are written in Python, or could be replaced, with their methods as they are now
STANDARD = {
    id(kind): (kind, dict(members(kind)))
    for some in (
        [collections.deque, collections.OrderedDict, collections.defaultdict, collections.Counter, enum.EnumMeta],
        mro(fractions.Fraction), mro(decimal.Decimal), [one for one in vars(itertools).values() if type(one) is type],
    )
    for kind in some
}
# C's own that ask another object
PROXIES = [types.MappingProxyType, ProxyType, CallableProxyType]
HEAP = 1 << 9

def standard(kind, method):
    """Whether a method of some kind of values is the language's own, or there is none."""
    for base in mro(kind):
        own = members(base)
        if method in own:
            if id(base) in STANDARD:
                return own[method] is STANDARD[id(base)][1].get(method)
            return not flags(base) & HEAP and not any(base is proxy for proxy in PROXIES)
    return True

def kinds(value):
    """Of a value and of all that lies in it."""
    found, seen, rest = [], set(), [value]
    while rest:
        one = rest.pop()
        kind = type(one)
        if kind is int or kind is str or kind is float or kind is bool:
            continue
        if not any(kind is other for other in found):
            found.append(kind)
        for base in mro(kind):
            parts = PARTS.get(id(base))
            if parts is not None and id(one) not in seen:
                seen.add(id(one))
                for part in parts:
                    rest.extend(part(one))
    return found

def operations(own):
    """What a test does with values, where "own" are classes that it names."""
    def fair(methods, left, right):
        # a class that the solution brings decides only about its like, or where the test asks for it
        sides = kinds(left), kinds(right)
        for mine, others in (sides, sides[::-1]):
            for kind in mine:
                if not any(kind is other for other in others + own):
                    for method in methods:
                        if not standard(kind, method):
                            return method
        return None

    def operate(names, *values):
        result = True
        for name, left, right in zip(names, values, values[1:]):
            if result is not True and not result:
                break
            apply, _, methods = OPERATORS[name]
            result = apply(left, right)
            method = None if result is False else fair(methods, left, right)
            if method is not None:
                raise AssertionError("it holds only by a method " + method + " of the solution's own")
        return result

    def check(left, right, name, swapped, source):
        try:
            holds = operate((name,), left, right)
        except AssertionError as error:
            raise AssertionError(source + str(error)) from None
        if holds:
            return
        if name == "Eq":
            got, expected = (right, left) if swapped else (left, right)
            raise AssertionError(source + "got " + shown(got) + ", expected " + shown(expected))
        raise AssertionError(source + "not true: " + shown(left) + " " + OPERATORS[name][1] + " " + shown(right))

    return {OPERATE: operate, CHECK: check}

def shown(value):
    try:
        text = repr(value)
    except Exception as error:
        text = "a value that cannot be shown"
    return text if len(text) <= 300 else text[:297] + "..."

class Late(BaseException):
    pass

armed, asking = [False], [None]

def late(*_):
    if armed[0]:
        raise Late()

def told(error, seconds):
    if isinstance(error, Late):
        return "it took longer than " + str(seconds) + " s"
    line, trace = None, error.__traceback__
    asking[0] = get_ident()
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "solution":
            line = trace.tb_lineno
        trace = trace.tb_next
    asking[0] = None
    try:
        text = str(error)
    except Exception:
        text = ""
    if type(error) is AssertionError and line is None:
        return text
    place = "" if line is None else " (line " + str(line) + " of the solution)"
    return type(error).__name__ + (": " + text if text else "") + place

def attempt(work, seconds):
    """What went wrong, in words, or None."""
    try:
        try:
            armed[0] = True
            # again and again, for code that catches everything
            setitimer(ITIMER_PROF, seconds, 0.05)
            work()
        finally:
            armed[0] = False
    except BaseException as error:
        armed[0] = False
        return told(error, seconds)

def compiled(test, seconds):
    """A test as code, the names in it, and why it is none."""
    try:
        tree = ast.parse(test)
        alone = len(tree.body) == 1 and isinstance(tree.body[0], ast.Assert)
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        return compile(ast.fix_missing_locations(telling(tree, alone)), "test", "exec"), names, None
    except Exception as error:
        return None, set(), "the test cannot be read: " + told(error, seconds)

# what leads to frames and objects that are not the solution's
LOOKS = ("gc.get_", "sys._getframe", "sys._current_", "sys.settrace", "sys.setprofile", "sys.monitoring", "ctypes.")
FRAMES = {"tb_frame", "gi_frame", "cr_frame", "ag_frame"}

def heard(event, args):
    looks = args[1] in FRAMES if event == "object.__getattr__" else event.startswith(LOOKS)
    if looks and asking[0] != get_ident():
        # libraries that ask for their caller's name go on without it
        raise ValueError("a solution cannot look at what runs it")

def copied(module):
    copy = types.ModuleType(module.__name__)
    vars(copy).update(vars(module))
    return copy

# tests have built-ins and modules of their own, as they were before the solution
MODULES = {one.__name__: copied(one) for one in (cmath, collections, functools, itertools, json, math, operator, re)}
BUILTINS = dict(__builtins__)

def own_import(name, *rest):
    return MODULES[name] if name in MODULES else __import__(name, *rest)

def scope(names, entry, named):
    own = [value for name, value in names.items() if name in named and isinstance(value, type)]
    copies = {name: MODULES[name] for name in names if name in MODULES and name != entry}
    seen = {name: value for name, value in names.items() if name == entry or name not in BUILTINS}
    return {**seen, **copies, **operations(own), "__builtins__": {**BUILTINS, "__import__": own_import}}

def say(mark, message=None):
    text = mark["passed"] if message is None else mark["failed"] + quote(message[:1000])
    rest = ("\n" + text + "\n").encode()
    while rest:
        rest = rest[write(1, rest):]

def main(preamble, solution, tests, marks, entryPoint, testMillis, language):
    seconds = testMillis / 1000
    ready = [compiled(test, seconds) for test in tests]
    module = types.ModuleType("solution")
    sys.modules["solution"] = module
    names = module.__dict__
    sys.stdout = sys.stderr = open("/dev/null", "w", errors="replace")
    # without the way to this program's names that a function has
    signal(SIGPROF, types.FunctionType(late.__code__, {"armed": armed, "Late": Late, "__builtins__": {}}))
    sys.addaudithook(heard)

    def load():
        exec(compile(preamble, "preamble", "exec"), names)
        exec(compile(solution, "solution", "exec"), names)

    broken = attempt(load, seconds)
    for mark, (code, named, unreadable) in zip(marks, ready):
        if broken is not None:
            say(mark, "the code failed before any test: " + broken)
        elif unreadable is not None:
            say(mark, unreadable)
        else:
            say(mark, attempt(lambda: exec(code, scope(names, entryPoint, named)), seconds))
    leave(0)

main(**json.loads(sys.stdin.buffer.read()))
`

/** The program, the same for all suites. Its names are in a place of their own, with built-ins that the solution does not have. */
export const program = (): string =>
  `exec(compile(${JSON.stringify(harness)}, "harness", "exec"), {"__name__": "harness", "__builtins__": dict(vars(__import__("builtins")))})\n`
