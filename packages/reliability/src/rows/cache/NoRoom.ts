/** C4: on a disk that is full or read-only every call is answered and paid once, and what is there is still used. */
import { Cache, CacheFolder } from "@backprose/core"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as PlatformError from "effect/PlatformError"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { Row } from "../../Row.ts"
import * as Asking from "./Asking.ts"
import * as child from "./child.ts"

const count = 200
const questions = Array.from({ length: count }, (_, i) => `question ${i}`)

const Round = Schema.Struct({
  answered: Schema.Int,
  paid: Schema.Int,
  /** For one question. */
  most: Schema.Int,
  /** Entries on the disk afterwards. */
  kept: Schema.Int,
  said: Schema.Array(Schema.String)
})
type Round = typeof Round.Type

/** A real disk of 256 KiB, then read-only, in a mount namespace of its own. Needs no rights on most systems. */
const real = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const folder = yield* fs.makeTempDirectoryScoped()
  return yield* child.run(
    "noRoomChild",
    [folder, `${256 * 1024}`, `${count}`],
    Schema.Struct({ full: Round, readOnly: Round }),
    ["unshare", "--user", "--map-root-user", "--mount"]
  )
})

const failing = (description: string) => (method: string) => () =>
  Effect.fail(PlatformError.systemError({ _tag: "Unknown", module: "FileSystem", method, description }))

/** A disk that says so from the `after`-th write on, where no real one can be had. */
const said = Effect.fnUntraced(function* (description: string, after: number) {
  const fs = yield* FileSystem.FileSystem
  const folder = yield* fs.makeTempDirectoryScoped()
  const fail = failing(description)
  let writes = 0
  const disk: FileSystem.FileSystem = {
    ...fs,
    writeFile: (path, data, options) =>
      Effect.suspend(() =>
        writes++ < after
          ? fs.writeFile(path, data, options)
          : // some of it is there already
            Effect.andThen(fs.writeFile(path, data.subarray(0, 9), options), fail("writeFile")())
      )
  }
  const paid: Asking.Paid = new Map()
  const warnings: Array<string> = []
  const model = Asking.model(paid, (question) => `${question}: x`)
  const outcomes = yield* Asking.askAll(questions, model).pipe(
    Effect.provide(Cache.layerFolder(folder)),
    Effect.provideService(FileSystem.FileSystem, disk),
    Effect.provide(Asking.listening(warnings))
  )
  const parts = yield* fs.glob("??/*.part", { root: folder })
  const { entries } = yield* CacheFolder.holding(folder)
  return {
    answered: outcomes.filter(({ question, text }) => text === `${question}: x`).length,
    paid: Asking.total(paid),
    most: Math.max(...paid.values()),
    // what is half written and left is none
    kept: parts.length === 0 ? entries : 0,
    said: warnings
  }
})

const isRight = (round: Round, had: number): boolean =>
  // there was room for some and not for all
  round.kept > 0 &&
  round.kept < count &&
  round.answered === count &&
  round.paid === count - had &&
  round.most === 1 &&
  round.said.length === 1

const shown = (name: string, { answered, kept, paid, said }: Round) =>
  `${name}: ${answered} of ${count} answered, ${paid} paid, ${kept} kept; ${said.join(" | ")}`

const measure = Effect.gen(function* () {
  const onDisk = yield* Effect.result(real)
  const pretended = yield* said("ENOSPC: no space left on device", 40)
  if (Result.isFailure(onDisk)) {
    return {
      figure: `${pretended.answered} of ${count} answered, ${pretended.paid} paid (disk pretended)`,
      held: isRight(pretended, 0),
      details: [shown("pretended", pretended), `no mount namespace: ${onDisk.failure.message.split("\n")[0]}`]
    }
  }
  const { full, readOnly } = onDisk.success
  const answered = full.answered + readOnly.answered + pretended.answered
  const paid = full.paid + readOnly.paid + pretended.paid
  return {
    figure: `${answered} of ${3 * count} answered, ${paid} paid of ${3 * count - full.kept} not had`,
    held: isRight(full, 0) && isRight(readOnly, full.kept) && isRight(pretended, 0),
    details: [shown("full", full), shown("then read-only", readOnly), shown("pretended", pretended)]
  }
}).pipe(Effect.provide(NodeServices.layer))

export const noRoom: Row = {
  id: "C4",
  title: `${count} questions on a full disk, on a read-only one, and on one that fails in mid-write`,
  wanted: "all answered, each paid once",
  speed: "fast",
  measure
}
