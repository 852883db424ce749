/** The journal of a run, in its folder; who has it open is the one who runs it. */
import { Journal, JournalLock } from "@backprose/core"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Path from "effect/Path"

/** Its file. */
export const file = "journal.log"

const at = (folder: string) => Effect.map(Path.Path, (path) => path.join(path.resolve(folder), file))

/** What a lock leaves in a folder where its owner was killed; whoever comes next takes it over. */
export const lockFile = JournalLock.fileOf(file)

/** Opens the journal of a folder, or begins it. Fails with `RunLocked` where another process has it. */
export const layer = (folder: string, fingerprint: Readonly<{ [name: string]: string }>) =>
  Layer.unwrap(Effect.map(at(folder), (path) => Journal.layerFile({ path, fingerprint })))

/** Whether a process is running the run of a folder just now, as far as can be told. */
export const isLive = Effect.fnUntraced(function* (folder: string) {
  const holder = yield* Effect.orElseSucceed(JournalLock.holder(yield* at(folder)), () => undefined)
  return holder !== undefined
})
