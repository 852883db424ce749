/** S4: what comes from data never becomes a path out of the folder that it belongs to. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync
} from "node:fs"
import { basename, dirname, join, resolve, sep } from "node:path"
import { RunName } from "@backprose/cli"
import { Cache, Completion, Request, type TextModelService } from "@backprose/core"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import type { Row } from "../../Row.ts"
import * as Command from "./Command.ts"
import { folder } from "./folder.ts"
import * as places from "./places.ts"
import * as plainTask from "./plainTask.ts"
import * as student from "./student.ts"

const counts = { names: 600, keys: 300, entries: 85, links: 15 }
const total = counts.names + counts.keys + counts.entries + counts.links

/** The file system of this machine, and every path that was asked of it. */
const watched = Effect.map(FileSystem.FileSystem, (fs) => {
  const paths: Array<string> = []
  const service = new Proxy(fs, {
    get: (target, name) => {
      const value = Reflect.get(target, name) as unknown
      return typeof value !== "function"
        ? value
        : (...given: ReadonlyArray<unknown>) => {
            for (const one of given.slice(0, 2)) if (typeof one === "string") paths.push(one)
            return value.apply(target, given)
          }
    }
  })
  return { paths, service }
})

const isBelow = (root: string, path: string): boolean => {
  const whole = resolve(path)
  return !path.includes("\u0000") && (whole === resolve(root) || whole.startsWith(resolve(root) + sep))
}

/** Tasks may be called anything: what runs are called after them is one plain name. */
const runNames = Effect.gen(function* () {
  const { paths, service } = yield* watched
  const wrong: Array<string> = []
  for (const task of places.names(counts.names)) {
    const name = yield* Effect.provideService(RunName.make(task), FileSystem.FileSystem, service)
    if (!/^[\dT-]+-[a-z\d-]+$/.test(name) || name.length > 255) wrong.push(`run of ${JSON.stringify(task)}: ${name}`)
  }
  const outside = paths.filter((path) => !isBelow(".backprose/runs", path))
  return [...wrong, ...outside.map((path) => `run name led to ${path}`)]
})

const model = (name: string): TextModelService => ({
  identity: { provider: name, model: name, endpoint: name },
  complete: () => Effect.succeed(Completion.make("reply", { model: name }))
})

/** Requests and models may say anything: their entries are in the cache's folder. */
const cacheKeys = (root: string) =>
  Effect.gen(function* () {
    const { paths, service } = yield* watched
    yield* Effect.gen(function* () {
      const { cached } = yield* Cache.Cache
      for (const name of places.names(counts.keys)) {
        yield* cached(model(name)).complete(
          Request.make({ purpose: "forward", messages: [{ role: "user", content: name }] })
        )
      }
    }).pipe(
      Effect.provide(Cache.layerFolder(root), { local: true }),
      Effect.provideService(FileSystem.FileSystem, service)
    )
    const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    return [
      ...(entries.length >= counts.keys ? [] : [`${entries.length} entries of ${counts.keys}`]),
      ...paths.filter((path) => !isBelow(root, path)).map((path) => `cache led to ${path}`)
    ]
  })

/** A folder of runs in which most are none: links to runs elsewhere, links as records, pipes, names of any kind. */
const listing = Effect.fnUntraced(function* (cwd: string, outside: string) {
  const runs = join(cwd, ".backprose/runs")
  mkdirSync(runs, { recursive: true })
  const odd = places
    .names(400)
    .filter((name) => name !== "" && basename(name) === name && !/[\u0000/\ud800]/.test(name))
  for (let i = 0; i < counts.entries; i++) {
    const name = Buffer.byteLength(odd[i] ?? "") < 200 && odd[i] !== "." && odd[i] !== ".." ? `${odd[i]}${i}` : `n${i}`
    const at = join(runs, name)
    if (i % 3 === 0) symlinkSync(outside, at)
    else {
      mkdirSync(at)
      symlinkSync(i % 3 === 1 ? join(outside, "run.json") : "/dev/zero", join(at, "run.json"))
    }
  }
  const listed = yield* Effect.timeoutOption(Command.run(["runs"], { cwd }), "10 seconds")
  if (listed._tag === "None") return ["the list of runs does not end"]
  return /OUTSIDE/.test(listed.value.out + listed.value.err) ? ["a run elsewhere was listed"] : []
})

/** Links in the place of a run's files: what they lead to stays as it was, and is not shown. */
const links = Effect.fnUntraced(function* (cwd: string, url: string) {
  const options = { cwd, env: { OPENAI_BASE_URL: url } }
  plainTask.write(cwd)
  yield* Command.run(
    ["optimize", "task.yaml", "--model", "openai:student", "--max-calls", "12", "--run-dir", "run"],
    options
  )
  const files = ["run.json", "events.jsonl", "journal.log", "parameters.json", "journal.log.lock"]
  const beside = ["run.json.part", "parameters.json.part", "journal.log.damaged"]
  const cases = [
    ...files.map((name) => ({ name, aim: "there" })),
    ...[...files.slice(1), ...beside].map((name) => ({ name, aim: "missing" })),
    ...beside.map((name) => ({ name, aim: "there" }))
  ].slice(0, counts.links)
  const one = Effect.fnUntraced(function* ({ name, aim }: (typeof cases)[number], i: number) {
    const dir = `run-${i}`
    const elsewhere = mkdtempSync(join(dirname(cwd), "backprose-elsewhere-"))
    const target = join(elsewhere, aim)
    const link = join(cwd, dir, name)
    mkdirSync(join(cwd, dir))
    for (const file of readdirSync(join(cwd, "run"))) {
      writeFileSync(join(cwd, dir, file), readFileSync(join(cwd, "run", file)))
    }
    if (aim === "there") {
      if (existsSync(link)) renameSync(link, target)
      else writeFileSync(target, "OUTSIDE")
    } else rmSync(link, { force: true })
    symlinkSync(target, link)
    const before = aim === "there" ? readFileSync(target, "utf8") + statSync(target).mtimeMs : ""
    const ended = yield* Command.run(["resume", dir, "--max-calls", "1000"], options)
    const after = existsSync(target) ? readFileSync(target, "utf8") + statSync(target).mtimeMs : ""
    rmSync(elsewhere, { recursive: true })
    return [
      ...(after === before ? [] : [`${name}, a link to a file that is ${aim}: the file changed`]),
      ...(ended.code === 2 ? [] : [`${name}, a link to a file that is ${aim}: resume ends with ${ended.code}`])
    ]
  })
  return (yield* Effect.forEach(cases, one, { concurrency: 2 })).flat()
})

export const paths: Row = {
  id: "S4",
  title: "names of tasks, keys of the cache, folders of runs and links in them that lead elsewhere",
  wanted: `0 of ${total} read or written outside of the folder they belong to`,
  speed: "fast",
  measure: Effect.gen(function* () {
    const cwd = yield* folder
    const outside = yield* folder
    writeFileSync(join(outside, "run.json"), JSON.stringify({ _tag: "RunRecord", run: "OUTSIDE", task: "OUTSIDE" }))
    const server = yield* student.server(1)
    // a record that would be listed, were it read
    const task = plainTask.write(outside)
    const begun = ["optimize", task, "--model", "openai:student", "--run-dir", "run", "--max-calls", "2"]
    yield* Command.run(begun, { cwd: outside, env: { OPENAI_BASE_URL: server.url } })
    const record = readFileSync(join(outside, "run/run.json"), "utf8").replace(/"openai:student"/g, '"openai:OUTSIDE"')
    writeFileSync(join(outside, "run.json"), record)
    const wrong = [
      ...(yield* runNames),
      ...(yield* cacheKeys(yield* folder)),
      ...(yield* listing(cwd, outside)),
      ...(yield* links(cwd, server.url))
    ]
    return { figure: `${wrong.length} of ${total}`, held: wrong.length === 0, details: wrong }
  }).pipe(Effect.provide(NodeServices.layer))
}
