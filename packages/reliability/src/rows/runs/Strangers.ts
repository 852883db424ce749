/** S6: a run folder, a parameters file, a task or a journal that a stranger made. */
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import type { Row } from "../../Row.ts"
import * as Command from "./Command.ts"
import { folder } from "./folder.ts"
import * as found from "./found.ts"
import * as journalLines from "./journalLines.ts"
import * as plainTask from "./plainTask.ts"
import * as student from "./student.ts"

/** Where a case happens, and who waits there to be asked. */
interface Scene {
  readonly cwd: string
  readonly dir: string
  readonly good: string
  readonly evil: string
}

interface Case {
  readonly name: string
  readonly forge: (scene: Scene) => void
  readonly args?: (scene: Scene) => ReadonlyArray<string>
  readonly env?: (scene: Scene) => Readonly<Record<string, string>>
  /** `refused` unless it says otherwise; `harmless`: the run goes on, and ends as it would have. */
  readonly expect?: "harmless"
}

// biome-ignore lint/suspicious/noExplicitAny: a forger does not care
type Forged = any

const json = (file: string): Forged => JSON.parse(readFileSync(file, "utf8"))

const inRecord =
  (change: (record: Forged, scene: Scene) => void) =>
  (scene: Scene): void => {
    const file = join(scene.dir, "run.json")
    const record = json(file)
    change(record, scene)
    // as text, so that names like __proto__ are really there
    writeFileSync(file, JSON.stringify(record).replaceAll('"PROTO"', '"__proto__"').replaceAll('"HUGE"', "1e309"))
  }

const inJournal =
  (change: (records: ReadonlyArray<Forged>, scene: Scene) => ReadonlyArray<Forged>) =>
  (scene: Scene): void => {
    const file = join(scene.dir, "journal.log")
    writeFileSync(file, journalLines.write(change(journalLines.read(readFileSync(file, "utf8")), scene)))
  }

const ofServer = (one: Forged, url: string): Forged =>
  one._tag === "Opened" ? { ...one, fingerprint: { ...one.fingerprint, "the base URL": url } } : one

const trap = (scene: Scene): string => join(scene.cwd, "the-code-ran")

const evilModule = (scene: Scene, file: string): void =>
  writeFileSync(file, `import { writeFileSync } from "node:fs"\nwriteFileSync(${JSON.stringify(trap(scene))}, "")\n`)

const parameters =
  (text: string): Case["forge"] =>
  ({ cwd }) =>
    writeFileSync(join(cwd, "p.json"), text)

const evaluate = (): ReadonlyArray<string> => [
  ...["evaluate", "task.yaml", "--model", "openai:student", "--parameters", "p.json"]
]

const task =
  (change: (yaml: string) => string): Case["forge"] =>
  ({ cwd }) =>
    writeFileSync(join(cwd, "other.yaml"), change(plainTask.yaml))

const optimize = (): ReadonlyArray<string> => ["optimize", "other.yaml", "--model", "openai:student"]

const laughs = Array.from({ length: 12 }, (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i},`.repeat(12)}]`).join("\n")

const cases: ReadonlyArray<Case> = [
  {
    name: "another base URL",
    forge: inRecord((record, { evil }) => (record.models.baseUrl = evil)),
    env: () => ({})
  },
  {
    name: "another base URL, in its journal too",
    forge: (scene) => {
      inRecord((record, { evil }) => (record.models.baseUrl = evil))(scene)
      inJournal((all, { evil }) => all.map((one) => ofServer(one, evil)))(scene)
    },
    env: () => ({})
  },
  {
    name: "another base URL than the one that is set",
    forge: inRecord((record, { evil }) => (record.models.baseUrl = evil))
  },
  {
    name: "a base URL with a password",
    forge: inRecord((record, { evil }) => (record.models.baseUrl = evil.replace("//", "//me:you@"))),
    env: () => ({})
  },
  { name: "no base URL", forge: inRecord((record) => delete record.models.baseUrl) },
  { name: "another model", forge: inRecord((record) => (record.models.forward = "openai:other")) },
  { name: "a model that is a path", forge: inRecord((record) => (record.models.backward = "local:../../x")) },
  { name: "a provider that is none", forge: inRecord((record) => (record.models.optimizer = "evil:m")) },
  {
    name: "a module in the run folder as its task",
    forge: (scene) => {
      evilModule(scene, join(scene.dir, "evil.ts"))
      inRecord((record) => Object.assign(record, { task: "evil.ts", from: "." }))(scene)
    }
  },
  {
    name: "a module by its whole path",
    forge: (scene) => {
      evilModule(scene, join(scene.cwd, "evil.mjs"))
      inRecord((record, { cwd }) => (record.task = join(cwd, "evil.mjs")))(scene)
    }
  },
  {
    name: "a task outside of the current folder",
    forge: inRecord((record) => Object.assign(record, { task: "etc/task.yaml", from: "../../../../../../.." }))
  },
  {
    name: "a task with code in it",
    forge: (scene) => {
      const code = `{ text: !!js/function "function () { throw 1 }", role: instructions }`
      const yaml = plainTask.yaml.replace(/\{ text: Give.*\}/, code).replaceAll(/(\w+\.jsonl)/g, "../$1")
      writeFileSync(join(scene.dir, "t.yaml"), yaml)
      inRecord((record) => Object.assign(record, { task: "t.yaml", from: "." }))(scene)
    }
  },
  { name: "a hook", forge: inRecord((record) => (record.hooks = { onFinish: "touch the-code-ran" })) },
  { name: "a setting that nobody knows", forge: inRecord((record) => (record.settings.exec = "touch the-code-ran")) },
  { name: "a prototype", forge: inRecord((record) => (record.PROTO = { status: "finished" })) },
  {
    name: "prototypes among its values",
    forge: inRecord((record) => {
      record.initial.PROTO = { polluted: true }
      record.best.constructor = { prototype: { polluted: true } }
    }),
    expect: "harmless"
  },
  ...(["steps", "batchSize", "concurrency", "seed", "limit", "maxCalls"] as const).map(
    (name): Case => ({ name: `endless ${name}`, forge: inRecord((record) => (record.settings[name] = "HUGE")) })
  ),
  { name: "a concurrency of nothing", forge: inRecord((record) => (record.settings.concurrency = 0)) },
  { name: "a million steps", forge: inRecord((record) => (record.settings.steps = 1_000_000)) },
  { name: "no JSON", forge: ({ dir }) => writeFileSync(join(dir, "run.json"), `${"[".repeat(100_000)}`) },
  {
    name: "no journal",
    forge: ({ dir }) => writeFileSync(join(dir, "journal.log"), "#!/bin/sh\ntouch the-code-ran\n")
  },
  {
    name: "a journal of a later version",
    forge: ({ dir }) => writeFileSync(join(dir, "journal.log"), "backprose-journal 9 0123456789abcdef\n")
  },
  { name: "a record that nobody knows", forge: inJournal((all) => [...all, { _tag: "Exec", code: "touch" }]) },
  { name: "a record with a field more", forge: inJournal((all) => all.map((one) => ({ ...one, hook: "touch" }))) },
  {
    name: "a journal of another server",
    forge: inJournal((all, { evil }) => all.map((one) => ofServer(one, evil)))
  },
  {
    name: "requests that went elsewhere",
    forge: inJournal((all, { evil }) =>
      all.map((one) => (one._tag === "Sent" ? { ...one, identity: { ...one.identity, endpoint: evil } } : one))
    ),
    expect: "harmless"
  },
  {
    name: "events that are none",
    forge: ({ dir }) => writeFileSync(join(dir, "events.jsonl"), '{"_tag":"RunStarted","__proto__":{}}\nnonsense\n'),
    expect: "harmless"
  },
  { name: "parameters with another name", forge: parameters('{"other":"x"}'), args: evaluate },
  { name: "parameters with a prototype", forge: parameters('{"__proto__":{"instructions":"x"}}'), args: evaluate },
  { name: "parameters of another type", forge: parameters('{"instructions":{"toString":"x"}}'), args: evaluate },
  { name: "parameters without end", forge: parameters("[".repeat(100_000)), args: evaluate },
  { name: "a task with a field more", forge: task((yaml) => `${yaml}hooks: { after: touch }\n`), args: optimize },
  { name: "a task with a prototype", forge: task((yaml) => `${yaml}__proto__: { steps: 1 }\n`), args: optimize },
  { name: "a task of endless steps", forge: task((yaml) => yaml.replace("steps: 2", "steps: .inf")), args: optimize },
  { name: "a task that multiplies", forge: task(() => `l0: &l0 [x]\n${laughs}\n`), args: optimize }
]

const bytes = (dir: string): string =>
  readdirSync(dir)
    .toSorted()
    .map((name) => `${name}\n${readFileSync(join(dir, name), "utf8")}`)
    .join("\n")

export const strangers: Row = {
  id: "S6",
  title: "run folders, journals, parameters and tasks that a stranger made",
  wanted: `${cases.length}/${cases.length}: no code runs, no request and no key goes elsewhere, what is not known is refused`,
  speed: "fast",
  measure: Effect.gen(function* () {
    const cwd = yield* folder
    const good = yield* student.server(1)
    const evil = yield* student.server(1)
    const key = "sk-stranger-must-not-see-this"
    const env = { OPENAI_BASE_URL: good.url, OPENAI_API_KEY: key }
    plainTask.write(cwd)
    const begun = ["optimize", "task.yaml", "--model", "openai:student", "--max-calls", "14", "--run-dir", "run"]
    const cut = yield* Command.run(begun, { cwd, env })
    cpSync(join(cwd, "run"), join(cwd, "whole"), { recursive: true })
    const more = ["--max-calls", "1000"]
    const whole = yield* Command.run(["resume", "whole", ...more], { cwd, env })
    if (cut.code !== 4 || whole.code !== 0) {
      return { figure: "no run to forge", held: false, details: [cut.err, whole.err] }
    }
    const end = yield* found.end(join(cwd, "whole"))

    const broken = Effect.fnUntraced(function* (one: Case) {
      const at = yield* folder
      cpSync(cwd, at, { recursive: true })
      const scene: Scene = { cwd: at, dir: join(at, "run"), good: good.url, evil: evil.url }
      one.forge(scene)
      const before = bytes(scene.dir)
      const asked = one.expect === "harmless" ? 0 : (yield* good.counts).requests
      const ended = yield* Command.run(one.args?.(scene) ?? ["resume", "run", ...more], {
        cwd: at,
        env: { OPENAI_API_KEY: key, ...(one.env?.(scene) ?? { OPENAI_BASE_URL: good.url }) }
      })
      const wrong = [
        (yield* evil.counts).requests === 0 ? [] : ["the stranger's server was asked"],
        existsSync(trap(scene)) ? ["the stranger's code ran"] : [],
        `${ended.out}${ended.err}`.includes(key) ? ["the key was printed"] : [],
        bytes(at === scene.dir ? at : scene.dir).includes(key) ? ["the key was written"] : []
      ].flat()
      if (one.expect === "harmless") {
        const now = yield* found.end(scene.dir)
        if (ended.code !== 0) wrong.push(`it ends with ${ended.code}: ${ended.err}`)
        else if (now.parameters !== end.parameters || now.record !== end.record) wrong.push("it ends otherwise")
      } else {
        if (ended.code !== 2 || !/^backprose: [^\n]+\n$/.test(ended.err)) {
          wrong.push(`it ends with ${ended.code}: ${ended.err.slice(0, 500)}`)
        }
        if ((yield* good.counts).requests !== asked) wrong.push("it asked")
        if (bytes(scene.dir) !== before) wrong.push("it changed the folder")
      }
      return wrong.map((what) => `${one.name}: ${what}`)
    }, Effect.scoped)

    // those that go on with the run ask the server: not while others must not
    const [harmless, refused] = [true, false].map((is) => cases.filter(({ expect }) => (expect === "harmless") === is))
    const all = [
      ...(yield* Effect.forEach(refused ?? [], broken, { concurrency: 2 })),
      ...(yield* Effect.forEach(harmless ?? [], broken, { concurrency: 2 }))
    ]
    const held = all.filter((wrong) => wrong.length === 0).length
    return { figure: `${held}/${cases.length}`, held: held === cases.length, details: all.flat() }
  })
}
