import { spawnSync } from "node:child_process"
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
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

/** Runs .ci/run in a folder of its own, with an npm that does as it is told in place of the real one. */
const run = (npm: Record<"ci" | "test" | "run", Stage>) => {
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
    chmodSync(join(root, "bin/npm"), 0o755)
    const ended = spawnSync("bash", [join(root, ".ci/run")], {
      cwd: tmpdir(),
      env: { ...process.env, PATH: `${join(root, "bin")}:${process.env["PATH"]}` },
      encoding: "utf8"
    })
    return { code: ended.status, last: ended.stdout.trimEnd().split("\n").at(-1), output: ended.stdout }
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
})
