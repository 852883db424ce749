import { spawn } from "node:child_process"
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync
} from "node:fs"
import { getPriority, tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Result, Schema } from "effect"
import { runs } from "../../fixture/here.ts"
import { Attacks, Bubblewrap, CodeRunner, Outcome, Program } from "../index.ts"

const run = (program: Program.Program) => Effect.flatMap(CodeRunner, (runner) => runner.run(program))
const python = (source: string, limits: Partial<Program.Limits> = {}) => run({ language: "python", source, limits })

/** A folder that everybody can look into, gone at the end. */
const folder = Effect.acquireRelease(
  Effect.sync(() => {
    const path = mkdtempSync(join(tmpdir(), "backprose-bwrap-"))
    chmodSync(path, 0o755)
    return path
  }),
  (path) => Effect.sync(() => rmSync(path, { recursive: true }))
)

const commandLine = (pid: string) =>
  Result.getOrElse(
    Result.try(() => readFileSync(`/proc/${pid}/cmdline`, "utf8")),
    () => ""
  )

/** A bwrap under a name of its own, and how many processes go by it: each jail has one as long as anything is in it. */
const named = Effect.map(folder, (path) => {
  const bwrap = join(path, "bwrap")
  const where = process.env["PATH"]!.split(":").find((dir) => existsSync(join(dir, "bwrap")))!
  copyFileSync(join(where, "bwrap"), bwrap)
  const left = Effect.sync(
    () => readdirSync("/proc").filter((pid) => /^\d+$/.test(pid) && commandLine(pid).startsWith(bwrap)).length
  )
  return { bwrap, left }
})

const until = (condition: Effect.Effect<boolean>): Effect.Effect<void> =>
  Effect.flatMap(condition, (holds) => (holds ? Effect.void : Effect.andThen(Effect.sleep(20), until(condition))))

describe.skipIf(!runs("python"))("Python in bubblewrap", () => {
  it.layer(Bubblewrap.layer(), { excludeTestServices: true })((it) => {
    for (const name of Object.keys(Attacks.names) as ReadonlyArray<Attacks.Name>) {
      it.effect(`cannot ${Attacks.names[name]}`, () =>
        Effect.map(Attacks.attack("python", name), ({ broken }) => assert.isUndefined(broken))
      )
    }

    it.effect("ends with its own exit code, and says what it said", () =>
      Effect.gen(function* () {
        const source = "import sys\nprint('out')\nprint('err', file=sys.stderr)\nsys.exit(int(sys.stdin.read()))"
        for (const code of [0, 1, 3, 127, 255]) {
          const { millis, ...rest } = yield* run({ language: "python", source, stdin: `${code}` })
          assert.deepStrictEqual(rest, { _tag: "Exited", code, stdout: "out\n", stderr: "err\n" })
          assert.isAbove(millis, 0)
        }
      })
    )

    it.effect("hears and says any text", () =>
      Effect.gen(function* () {
        const text = "héllo ☃ 𝄞 \u0000 \ufeff e\u0301\r\n"
        const source = `import sys\nassert "𝄞" == "\\U0001d11e"\nsys.stdout.buffer.write(sys.stdin.buffer.read())`
        assert.strictEqual((yield* run({ language: "python", source, stdin: text })).stdout, text)
      })
    )

    it.effect("need not read what it is given, however much", () =>
      Effect.gen(function* () {
        const outcome = yield* run({ language: "python", source: "print(1)", stdin: "x".repeat(3_000_000) })
        assert.deepInclude(outcome, { _tag: "Exited", code: 0, stdout: "1\n" })
      })
    )

    it.effect("is killed at its limit of time, and what it said until then is kept", () =>
      Effect.gen(function* () {
        const outcome = yield* python("import time\nprint('so far')\ntime.sleep(60)", { wallMillis: 400 })
        assert.deepInclude(outcome, { _tag: "Killed", because: "time", stdout: "so far\n" })
        assert.isAtMost(outcome.millis, 900)
      })
    )

    it.effect("is killed when its time on the processor is used up", () =>
      Effect.gen(function* () {
        const outcome = yield* python("while True: pass", { cpuSeconds: 1, wallMillis: 15_000 })
        assert.deepInclude(outcome, { _tag: "Killed", because: "time" })
        assert.isBelow(outcome.millis, 14_000)
      })
    )

    it.effect("is told from a program that was killed by a signal", () =>
      Effect.gen(function* () {
        const outcome = yield* python("import os\nos.kill(os.getpid(), 11)")
        assert.deepInclude(outcome, { _tag: "Killed", because: "signal" })
      })
    )

    it.effect("is killed when its processes hold too much together, though none does alone", () =>
      Effect.gen(function* () {
        const source = `import os, time
for _ in range(8):
    if os.fork() == 0:
        held = bytearray(40 << 20)
        for i in range(0, len(held), 4096): held[i] = 1
        time.sleep(20)
        os._exit(0)
time.sleep(20)`
        const outcome = yield* python(source, { memoryMegabytes: 100, wallMillis: 15_000 })
        assert.deepInclude(outcome, { _tag: "Killed", because: "memory" })
      })
    )

    it.effect("writes into its own folder, and only so much", () =>
      Effect.gen(function* () {
        const source = `import os
open("small", "w").write("kept"); print(open("/tmp/small").read(), os.getcwd())
try:
    for i in range(100): open(f"big{i}", "wb").write(b"x" * 500_000)
except OSError as error: print(error.errno, i)`
        assert.strictEqual((yield* python(source, { diskMegabytes: 2 })).stdout, "kept /tmp\n28 4\n")
        assert.strictEqual((yield* python("import os\nprint(os.listdir('/tmp'))")).stdout, "[]\n")
      })
    )

    it.effect("finds nothing of ours open, and a machine that is all its own", () =>
      Effect.gen(function* () {
        const source = `import os, socket
def open_(fd):
    try: os.fstat(fd); return True
    except OSError: return False
print([fd for fd in range(64) if open_(fd)], os.getuid(), os.getgid(), socket.gethostname(), os.nice(0))
print(sorted(os.environ))`
        const { stdout } = yield* python(source)
        assert.strictEqual(
          stdout,
          `[0, 1, 2] 65534 65534 jail ${getPriority()}\n['HOME', 'LANG', 'PATH', 'PWD', 'PYTHONHASHSEED', 'PYTHONSAFEPATH']\n`
        )
      })
    )

    it.effect("cannot ask the kernel for namespaces, traces, shared memory or other kinds of sockets", () =>
      Effect.gen(function* () {
        const source = `import ctypes, socket
libc = ctypes.CDLL(None, use_errno=True)
def tried(number, *given): return (libc.syscall(number, *given), ctypes.get_errno())
import os
x64 = os.uname().machine == "x86_64"
print(tried(272 if x64 else 97, 0x10000000), tried(101 if x64 else 117, 0, 0, 0, 0), tried(29 if x64 else 194, 0, 4096, 0o1777))
for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, socket.AF_NETLINK, socket.AF_PACKET, 40, 38):
    try: socket.socket(family, socket.SOCK_SEQPACKET if family == 38 else socket.SOCK_STREAM).close(); print("yes")
    except OSError as error: print(error.errno)`
        const { stdout } = yield* python(source)
        assert.strictEqual(stdout, "(-1, 1) (-1, 1) (-1, 1)\nyes\nyes\nyes\n97\n97\n97\n97\n")
      })
    )

    it.effect("has threads, and processes that it waits for", () =>
      Effect.gen(function* () {
        const source = `import subprocess, threading
thread = threading.Thread(target=lambda: print("thread", flush=True))
thread.start(); thread.join()
print(subprocess.run(["echo", "process"], capture_output=True, text=True).stdout)`
        assert.strictEqual((yield* python(source)).stdout, "thread\nprocess\n\n")
      })
    )

    it.effect("goes the same way each time: its hashes have one seed", () =>
      Effect.gen(function* () {
        const outs = yield* Effect.forEach([1, 2, 3], () => python("print(list({'a', 'b', 'c', 'd', 'e'}))"))
        assert.strictEqual(new Set(outs.map(({ stdout }) => stdout)).size, 1)
      })
    )

    it.effect("runs beside others, each with its own output", () =>
      Effect.gen(function* () {
        const numbers = [1, 2, 3, 4, 5, 6, 7, 8]
        const outs = yield* Effect.forEach(
          numbers,
          (i) => python(`import time\ntime.sleep(0.2)\nprint(${i})`, { wallMillis: 15_000 }),
          { concurrency: 8 }
        )
        assert.deepStrictEqual(
          outs.map(({ stdout }) => Number(stdout)),
          numbers
        )
      })
    )

    it.effect("leaves an outcome that is plain data", () =>
      Effect.gen(function* () {
        for (const source of ["print('☃')", "while True: print('é')", "import os\nos.abort()"]) {
          const outcome = yield* python(source)
          const written = JSON.stringify(yield* Schema.encodeEffect(Outcome.Outcome)(outcome))
          assert.deepStrictEqual(yield* Schema.decodeUnknownEffect(Outcome.Outcome)(JSON.parse(written)), outcome)
        }
      })
    )
  })

  it.effect("is killed in time though the clock of a test stands still", () =>
    Effect.map(python("import time\ntime.sleep(60)", { wallMillis: 200 }), (outcome) =>
      assert.deepInclude(outcome, { _tag: "Killed", because: "time" })
    ).pipe(Effect.provide(Bubblewrap.layer()))
  )

  it.live("leaves nobody behind: not when it ends, nor when it is killed, nor when nobody waits any more", () =>
    Effect.gen(function* () {
      const { bwrap, left } = yield* named
      const layer = Bubblewrap.layer({ bwrap })
      const source = "import os, time\nfor _ in range(6):\n  if os.fork() == 0: os.setsid(); time.sleep(60)\n"
      yield* Effect.gen(function* () {
        yield* python(source)
        yield* python(`${source}time.sleep(60)`, { wallMillis: 300 })
        assert.strictEqual(yield* left, 0)
        // wherever the interruption comes: before there is a jail, in it, or when the program runs
        for (const millis of [0, 1, 3, 6, 10, 15, 25, 40, 80, 150]) {
          const fiber = yield* Effect.forkChild(python(`${source}time.sleep(60)`))
          yield* Effect.sleep(millis)
          yield* Fiber.interrupt(fiber)
        }
        yield* Effect.timeout(until(Effect.map(left, (n) => n === 0)), 500)
      }).pipe(Effect.provide(layer))
    }).pipe(Effect.scoped)
  )
})

describe.skipIf(!runs("python"))("a program in bubblewrap", () => {
  // at once: before bwrap has asked to die with him
  for (const millis of [0, 1000]) {
    it.live(`ends with whoever runs it, when he is killed ${millis} ms after its start`, () =>
      Effect.gen(function* () {
        const { bwrap, left } = yield* named
        const index = JSON.stringify(new URL("../index.ts", import.meta.url).href)
        const source = `import { Effect } from "effect"
import { Bubblewrap, CodeRunner } from ${index}
const program = { language: "python", source: "import time\\ntime.sleep(60)", limits: { wallMillis: 2000 } }
Effect.runPromise(Effect.flatMap(CodeRunner, (runner) => (console.log("tried"), runner.run(program))).pipe(
  Effect.provide(Bubblewrap.layer({ bwrap: ${JSON.stringify(bwrap)} }))))`
        const args = ["--conditions=@backprose/source", "--input-type=module", "-e", source]
        const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"], cwd: import.meta.dirname })
        yield* Effect.callback<void>((resume) => void child.stdout.once("data", () => resume(Effect.void)))
        yield* until(Effect.map(left, (n) => n > 0))
        yield* Effect.sleep(millis)
        child.kill("SIGKILL")
        yield* Effect.timeout(until(Effect.map(left, (n) => n === 0)), 5000)
      }).pipe(Effect.scoped)
    )
  }
})

describe.skipIf(!runs("javascript"))("JavaScript in bubblewrap", () => {
  it.layer(Bubblewrap.layer(), { excludeTestServices: true })((it) => {
    const javascript = (source: string, limits: Partial<Program.Limits> = {}) =>
      run({ language: "javascript", source, limits })

    for (const name of Object.keys(Attacks.names) as ReadonlyArray<Attacks.Name>) {
      it.effect(`cannot ${Attacks.names[name]}`, () =>
        Effect.map(Attacks.attack("javascript", name), ({ broken }) => assert.isUndefined(broken))
      )
    }

    it.effect("is a script or a module, as it is written, and has Node's own modules", () =>
      Effect.gen(function* () {
        const script =
          "const assert = require('node:assert'); assert.equal(1, 1); console.log(require('fs').readFileSync(0, 'utf8'))"
        assert.strictEqual((yield* run({ language: "javascript", source: script, stdin: "☃" })).stdout, "☃\n")
        const module =
          "import * as assert from 'assert'; assert.deepEqual([1], await Promise.resolve([1])); console.log('well')"
        assert.strictEqual((yield* javascript(module)).stdout, "well\n")
        const failing = yield* javascript("require('assert').strictEqual(1, 2)")
        assert.deepInclude(failing, { _tag: "Exited", code: 1 })
        assert.include(failing.stderr, "AssertionError")
      })
    )

    it.effect("says all it said before it hangs or exits", () =>
      Effect.gen(function* () {
        const lines = "for (let i = 0; i < 200; i++) console.log('x'.repeat(999))\n"
        const limits = { wallMillis: 2000, outputBytes: 300_000 }
        assert.deepInclude(yield* javascript(`${lines}process.exit(3)`, limits), {
          code: 3,
          stdout: `${"x".repeat(999)}\n`.repeat(200)
        })
        assert.strictEqual((yield* javascript(`${lines}for (;;);`, limits)).stdout.length, 200_000)
      })
    )

    it.effect("is killed when its heap is full", () =>
      Effect.map(
        javascript("const a = []; for (;;) a.push(new Array(1e5).fill(1.5))", {
          memoryMegabytes: 100,
          wallMillis: 15_000
        }),
        (outcome) => assert.deepInclude(outcome, { _tag: "Killed", because: "memory" })
      )
    )
  })
})

describe.skipIf(!runs("typescript"))("TypeScript in bubblewrap", () => {
  it.layer(Bubblewrap.layer(), { excludeTestServices: true })((it) => {
    it.effect("runs with its types taken out, and is told where it cannot be read", () =>
      Effect.gen(function* () {
        const source =
          "declare var require: any; enum Size { Big = 3 }; const n: number = Size.Big; require('assert').equal(n, 3); console.log(n)"
        const typescript = (source: string) => run({ language: "typescript", source, limits: { wallMillis: 15_000 } })
        const { millis: _, ...rest } = yield* typescript(source)
        assert.deepStrictEqual(rest, { _tag: "Exited", code: 0, stdout: "3\n", stderr: "" })
        const broken = yield* typescript("let x: = 1")
        assert.deepInclude(broken, { _tag: "Exited", code: 1 })
        assert.include(broken.stderr, "SyntaxError")
      })
    )
  })
})

describe("where bubblewrap does not work", () => {
  const refused = (options: Bubblewrap.Options) =>
    Effect.map(Effect.flip(Effect.provide(CodeRunner, Bubblewrap.layer(options))), (error) => {
      assert.strictEqual(error._tag, "SandboxUnavailable")
      assert.match(error.message, /package bubblewrap/)
      return error.tried.map(({ reason }) => reason).join("\n")
    })

  it.live("the layer says that there is no such command", () =>
    Effect.map(refused({ bwrap: "/nowhere/bwrap" }), (reason) => assert.include(reason, "ENOENT"))
  )

  it.live("the layer says what bwrap says of a kernel that forbids namespaces", () =>
    Effect.gen(function* () {
      const bwrap = join(yield* folder, "bwrap")
      writeFileSync(bwrap, "#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n", {
        mode: 0o755
      })
      assert.include(yield* refused({ bwrap }), "No permissions to create new namespace")
    }).pipe(Effect.scoped)
  )

  it.live.skipIf(!runs("python"))("a jail that cannot be made for a moment is tried once more", () =>
    Effect.gen(function* () {
      const path = yield* folder
      // who runs the script may be nobody
      chmodSync(path, 0o777)
      const [bwrap, short] = [join(path, "bwrap"), join(path, "short")]
      const script = `#!/bin/sh\nif rm ${short} 2>/dev/null; then echo "bwrap: cannot fork" >&2; exit 1; fi\nexec bwrap "$@"\n`
      writeFileSync(bwrap, script, { mode: 0o755 })
      yield* Effect.gen(function* () {
        writeFileSync(short, "")
        const outcome = yield* python("print(6 * 7)")
        assert.deepInclude(outcome, { _tag: "Exited", code: 0, stdout: "42\n" })
        assert.isFalse(existsSync(short))
      }).pipe(Effect.provide(Bubblewrap.layer({ bwrap })))
    })
  )

  it.live("a bwrap that just runs the program, and makes no jail, is not believed", () =>
    Effect.gen(function* () {
      const bwrap = join(yield* folder, "bwrap")
      writeFileSync(bwrap, "#!/bin/sh\necho 42\n", { mode: 0o755 })
      assert.include(yield* refused({ bwrap }), "does not say how a program ended")
    }).pipe(Effect.scoped)
  )
})

describe.skipIf(!runs("javascript"))("a language that does not work here", () => {
  it.live("is left out, and refused with the reason; the others run", () =>
    Effect.gen(function* () {
      const { languages } = yield* CodeRunner
      assert.deepStrictEqual(languages, ["javascript", "typescript"])
      const error = yield* Effect.flip(python("print(1)"))
      assert.include(error.message, "/usr/bin/no-python")
      assert.deepInclude(yield* run({ language: "javascript", source: "" }), { code: 0 })
    }).pipe(Effect.provide(Bubblewrap.layer({ python: "/usr/bin/no-python" })))
  )
})
