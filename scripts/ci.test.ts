import { spawnSync } from "node:child_process"
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from "node:fs"
import { tmpdir } from "node:os"
import { delimiter, join } from "node:path"
import { assert, describe, it } from "vitest"

const repository = join(import.meta.dirname, "..")

interface Stage {
  readonly code: number
  readonly report?: {
    readonly numPassedTests: number
    readonly numFailedTests: number
    readonly numPendingTests?: number
  }
}

/** All that .ci/run needs of a machine. */
const tools = ["bash", "dirname", "env", "id", "mkdir", "rm", "timeout"]
const where = (tool: string) =>
  process.env["PATH"]!.split(delimiter)
    .map((dir) => join(dir, tool))
    .find((path) => existsSync(path))!

/**
 * Runs .ci/run in a folder of its own, on a machine with few tools, and with an npm that does as it is told in place of the
 * real one; other commands by the text of their scripts.
 */
const run = (
  npm: Record<"ci" | "test" | "run", Stage>,
  commands: Record<string, string> = { bwrap: "", python3: "" }
) => {
  const root = mkdtempSync(join(tmpdir(), "backprose-ci-"))
  try {
    mkdirSync(join(root, "bin"))
    mkdirSync(join(root, "scripts"))
    cpSync(join(repository, ".ci"), join(root, ".ci"), { recursive: true })
    cpSync(join(repository, "scripts/count.ts"), join(root, "scripts/count.ts"))
    symlinkSync(join(repository, "node_modules"), join(root, "node_modules"))
    const file = { ci: "", test: ".cache/ci/tests.json", run: ".cache/ci/check.json" }
    const cases = (["ci", "test", "run"] as const).map((name) => {
      const write = npm[name].report === undefined ? ":" : `echo '${JSON.stringify(npm[name].report)}' > ${file[name]}`
      return `${name}) ${write}; exit ${npm[name].code};;`
    })
    writeFileSync(join(root, "bin/npm"), `#!/usr/bin/env bash\ncase $1 in\n${cases.join("\n")}\nesac\n`)
    for (const [name, text] of Object.entries(commands)) {
      writeFileSync(join(root, "bin", name), `#!/usr/bin/env bash\n${text}\n`, { mode: 0o755 })
    }
    for (const tool of tools) if (commands[tool] === undefined) symlinkSync(where(tool), join(root, "bin", tool))
    chmodSync(join(root, "bin/npm"), 0o755)
    const ended = spawnSync(where("bash"), [join(root, ".ci/run")], {
      cwd: tmpdir(),
      env: { ...process.env, PATH: join(root, "bin") },
      encoding: "utf8"
    })
    const installed = join(root, "installed")
    return {
      installed: existsSync(installed) ? readFileSync(installed, "utf8") : "",
      code: ended.status,
      last: ended.stdout.trimEnd().split("\n").at(-1),
      output: ended.stdout
    }
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

const good = {
  ci: { code: 0 },
  test: { code: 0, report: { numPassedTests: 40, numFailedTests: 0 } },
  run: { code: 0, report: { numPassedTests: 13, numFailedTests: 0 } }
}

describe(".ci/run", () => {
  it("adds tests and checks and ends well when all of it did", () => {
    const ended = run(good)
    assert.deepStrictEqual([ended.code, ended.last], [0, "53 passed, 0 failed"])
  })

  it("names skipped tests", () => {
    const ended = run({
      ...good,
      test: { code: 0, report: { numPassedTests: 40, numFailedTests: 0, numPendingTests: 2 } }
    })
    assert.deepStrictEqual([ended.code, ended.last], [0, "53 passed, 0 failed, 2 skipped"])
  })

  it("runs the check though tests failed, and fails", () => {
    const ended = run({ ...good, test: { code: 1, report: { numPassedTests: 38, numFailedTests: 2 } } })
    assert.deepStrictEqual([ended.code, ended.last], [1, "51 passed, 2 failed"])
    assert.match(ended.output, /failed: npm test/)
  })

  it("fails when a stage breaks without a count, such as a test file that does not load", () => {
    const ended = run({ ...good, test: { code: 1, report: { numPassedTests: 40, numFailedTests: 0 } } })
    assert.deepStrictEqual([ended.code, ended.last], [1, "53 passed, 1 failed"])
    const crashed = run({ ...good, test: { code: 134 } })
    assert.deepStrictEqual([crashed.code, crashed.last], [1, "13 passed, 1 failed"])
  })

  it("stops at once when the installation fails", () => {
    const ended = run({ ...good, ci: { code: 1 } })
    assert.deepStrictEqual([ended.code, ended.last], [1, "0 passed, 1 failed"])
    assert.notMatch(ended.output, /npm test/)
  })

  it("fails when nothing was tested", () => {
    const ended = run({ ...good, test: { code: 0 }, run: { code: 0 } })
    assert.deepStrictEqual([ended.code, ended.last], [1, "0 passed, 1 failed"])
  })

  const root = { id: "echo 0" }
  const log = `echo "apt-get $*"`

  it("asks for bubblewrap and python3 as root where they are missing, quietly", () => {
    const ended = run(good, { ...root, "apt-get": `${log} >> installed; ${log}` })
    assert.deepStrictEqual([ended.code, ended.last], [0, "53 passed, 0 failed"])
    assert.match(ended.installed, /^apt-get install .*bubblewrap python3\n$/)
    assert.notMatch(ended.output, /apt-get/)
  })

  it("updates its lists and asks again, and goes on without a jail when that fails too", () => {
    const ended = run(good, { ...root, "apt-get": `${log} >> installed; exit 100` })
    assert.deepStrictEqual([ended.code, ended.last], [0, "53 passed, 0 failed"])
    assert.match(ended.installed, /^apt-get install .*\napt-get update .*\n$/)
    assert.match(ended.output, /could not be installed/)
  })

  it("installs nothing where it is not root, or all is there", () => {
    const other = run(good, { id: "echo 1000", "apt-get": `${log} >> installed` })
    assert.deepStrictEqual([other.code, other.installed], [0, ""])
    assert.match(other.output, /no bubblewrap/)
    const there = run(good, { ...root, bwrap: "", python3: "", "apt-get": `${log} >> installed` })
    assert.deepStrictEqual([there.code, there.installed], [0, ""])
  })
})
