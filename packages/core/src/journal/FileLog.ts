/**
 * A log in a text file that only ever grows: a line a record, each linked to the one before it by a checksum.
 *
 * Records that wait for the disk at the same time go there together: one write and one fsync for all of them. After a
 * write that failed, nothing is known of the end of the file, so nothing is added to it any more: it is opened again, and
 * what is not whole is cut off.
 */
import * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import type { PlatformError } from "effect/PlatformError"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import { JournalUnwritable } from "../model/TextModelError.ts"
import * as Folder from "./Folder.ts"
import { fileProblem } from "./fileProblem.ts"
import type { JournalUnreadable } from "./JournalError.ts"
import * as Line from "./Line.ts"
import type { Log } from "./Log.ts"
import { Record } from "./Record.ts"
import * as Recovery from "./Recovery.ts"

/** Records that go to the disk together. */
interface Group {
  readonly lines: Array<string>
  durable: boolean
  readonly written: Deferred.Deferred<void, JournalUnwritable>
}

const encode = Schema.encodeEffect(Schema.fromJsonString(Record))

/**
 * The log in a file, made where there is none, for as long as the scope is open. One process at a time: see `Lock`.
 *
 * An unfinished last line, as a crash leaves it, is cut off. Where more than that is damaged, the records before it are
 * kept, the file as it was found is put beside it, and a warning says where.
 */
export const open = Effect.fnUntraced(function* (
  path: string
): Effect.fn.Return<Log, JournalUnwritable | JournalUnreadable, FileSystem.FileSystem | Scope.Scope> {
  const fs = yield* FileSystem.FileSystem
  const unwritable = (error: PlatformError) =>
    new JournalUnwritable({ message: `the journal ${path} cannot be written: ${fileProblem(error)}` })

  const { checksum, file, records } = yield* Effect.gen(function* () {
    yield* Folder.make(Folder.of(path))
    const file = yield* fs.open(path, { flag: "a+", mode: 0o600 })
    const found = yield* Recovery.read(path, file)
    if (found.whole === 0) {
      yield* file.truncate(0)
      yield* file.writeAll(new TextEncoder().encode(Line.header))
    } else yield* Recovery.repair(path, file, found)
    // also what is found here was perhaps never brought to the disk, by a process that was killed: now it is relied upon
    yield* file.sync
    yield* Folder.sync(Folder.of(path))
    return { file, ...found }
  }).pipe(Effect.catchTag("PlatformError", (error) => Effect.fail(unwritable(error))))

  const turn = yield* Semaphore.make(1)
  let previous = checksum
  /** Those that wait while the disk is busy with the ones before. */
  let next: Group | undefined
  let broken: JournalUnwritable | undefined

  const write = Effect.fnUntraced(function* (group: Group) {
    next = undefined
    if (broken !== undefined) return yield* broken
    yield* file.writeAll(new TextEncoder().encode(group.lines.join(""))).pipe(
      Effect.andThen(group.durable ? file.sync : Effect.void),
      Effect.mapError(unwritable),
      Effect.onError((cause) =>
        Effect.sync(() => {
          broken = Option.getOrElse(
            Cause.findErrorOption(cause),
            () => new JournalUnwritable({ message: `the journal ${path} cannot be written` })
          )
        })
      )
    )
  })

  const append: Log["append"] = Effect.fnUntraced(
    function* (record, durable) {
      const json = Line.harmless(yield* Effect.orDie(encode(record)))
      if (broken !== undefined) return yield* broken
      const { checksum, line } = Line.encode(previous, json)
      previous = checksum
      const isFirst = next === undefined
      const group = (next ??= { lines: [], durable: false, written: Deferred.makeUnsafe() })
      group.lines.push(line)
      group.durable ||= durable
      // the first of a group writes for all who came until it was its turn
      if (isFirst) yield* turn.withPermit(Deferred.into(write(group), group.written))
      yield* Deferred.await(group.written)
    },
    // who is interrupted while the disk works waits for it: a record is added or it is not
    (effect) => Effect.uninterruptible(effect)
  )

  return { records, append }
})
