/** C3: whatever becomes of its files, a cache never answers wrongly and never fails a call; it says so once a kind. */
import { Cache } from "@backprose/core"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as FileSystem from "effect/FileSystem"
import type { Row } from "../../Row.ts"
import * as Asking from "./Asking.ts"
import * as Dice from "./Dice.ts"

const count = 1000
const seed = 17
const questions = (name: string) => Array.from({ length: count }, (_, i) => `${name} ${i}`)

/** Each call's own text, so that a reply of before can be told from one of now, and both from another question's. */
const answer = (question: string, call: number) => `the answer to <${question}> #${call} ${"ü".repeat(question.length)}`

const isRight = ({ question, text }: Asking.Outcome) => text?.startsWith(`the answer to <${question}> #`) === true

type Damage = (fs: FileSystem.FileSystem, files: ReadonlyArray<string>, i: number) => Effect.Effect<unknown, unknown>

/** What is done to the files, most of them; every tenth gets something worse than one byte. */
const flipped =
  (dice: Dice.Dice): Damage =>
  (fs, files, i) =>
    Effect.flatMap(fs.readFile(files[i]!), (bytes) => {
      const at = dice.below(bytes.length)
      return fs.writeFile(files[i]!, bytes.with(at, bytes[at]! ^ (1 + dice.below(255))))
    })
const worse: ReadonlyArray<Damage> = [
  // another question's entry, whole and in order
  (fs, files, i) => fs.copyFile(files[i - 1]!, files[i]!),
  (fs, files, i) => fs.truncate(files[i]!),
  (fs, files, i) => fs.truncate(files[i]!, 200),
  (fs, files, i) => Effect.andThen(fs.remove(files[i]!), fs.makeDirectory(files[i]!)),
  (fs, files, i) => Effect.andThen(fs.remove(files[i]!), fs.symlink(files[i]!, files[i]!)),
  (fs, files, i) => fs.remove(files[i]!)
]

const measure = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const folder = `${yield* fs.makeTempDirectoryScoped()}/replies`
  const paid: Asking.Paid = new Map()
  const model = Asking.model(paid, answer)
  const said: Array<string> = []
  // a cache of its own for each part, like a run of its own
  const session = <A, E>(program: Effect.Effect<A, E>) =>
    Effect.provide(program, Cache.layerFolder(folder), { local: true })

  const first = questions("first")
  yield* session(Asking.askAll(first, model))
  const files = (yield* fs.glob("??/*", { root: folder })).map((name) => `${folder}/${name}`)
  const dice = Dice.make(seed)
  const flip = flipped(dice)
  // every file: one byte of it
  yield* Effect.forEach(files, (_, i) => flip(fs, files, i))
  const afterFlips = yield* session(Asking.askAll(first, model)).pipe(Effect.provide(Asking.listening(said)))
  const paidForFlips = Asking.total(paid) - count

  // worse things, to what was put back
  const saidOfWorse: Array<string> = []
  yield* Effect.forEach(
    Array.from(files.keys()).filter((i) => i % 10 === 1),
    (i) => worse[Math.floor(i / 10) % worse.length]!(fs, files, i)
  )
  const afterWorse = yield* session(Asking.askAll(first, model)).pipe(Effect.provide(Asking.listening(saidOfWorse)))

  // the folder goes away while it is in use, several times
  const saidOfRemoval: Array<string> = []
  const removing = Effect.forever(
    Effect.andThen(Effect.ignore(fs.remove(folder, { recursive: true, force: true })), Effect.sleep("5 millis"))
  )
  const afterRemoval = yield* session(
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(removing)
      const outcomes = yield* Asking.askAll([...questions("second"), ...first], model)
      yield* Fiber.interrupt(fiber)
      return outcomes
    })
  ).pipe(Effect.provide(Asking.listening(saidOfRemoval)))

  const all = [...afterFlips, ...afterWorse, ...afterRemoval]
  const failed = all.filter(({ text }) => text === undefined)
  const wrong = all.filter((outcome) => outcome.text !== undefined && !isRight(outcome))
  const twice = [said, saidOfWorse, saidOfRemoval].flatMap(Asking.repeated)
  return {
    figure: `${wrong.length} wrong, ${failed.length} failed, ${twice.length} warnings said again`,
    held:
      wrong.length === 0 &&
      failed.length === 0 &&
      twice.length === 0 &&
      files.length === count &&
      // it was noticed at all
      said.length === 1 &&
      paidForFlips === count,
    details: [
      `seed ${seed}; ${files.length} entries flipped, ${paidForFlips} of them paid again; warnings: ${[...said, ...saidOfWorse, ...saidOfRemoval].join(" | ")}`,
      ...wrong.slice(0, 3).map(({ question, text }) => `<${question}> was answered ${text}`)
    ]
  }
}).pipe(Effect.provide(NodeServices.layer))

export const damage: Row = {
  id: "C3",
  title: `${count} entries with one byte flipped each, others' entries, directories in their place; the folder removed in use`,
  wanted: "0 wrong, 0 failed, 0 warnings said again",
  speed: "fast",
  measure
}
