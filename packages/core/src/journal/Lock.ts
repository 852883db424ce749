/**
 * One process at a time: a lock file that names its owner. One whose owner is gone is taken over.
 *
 * Nobody ever takes away a lock file that may be somebody's. It is made in one go (written elsewhere, then linked to its
 * name, which only one can), and a dead owner's is replaced by whoever holds a second lock, named after the very content
 * that is to be replaced: who comes late finds that content gone. So of any number that find one stale, one gets it.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import type { PlatformError } from "effect/PlatformError"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import { sha256 } from "../model/sha256.ts"
import { JournalUnwritable } from "../model/TextModelError.ts"
import * as Folder from "./Folder.ts"
import { fileProblem } from "./fileProblem.ts"
import { RunLocked } from "./JournalError.ts"
import { type Process, Processes } from "./Processes.ts"

/** Who holds a lock, since when (milliseconds since 1970), and a token that no other lock has. */
const Owner = Schema.Struct({
  pid: Schema.Int,
  host: Schema.String,
  started: Schema.optionalKey(Schema.String),
  since: Schema.Finite,
  token: Schema.String
})
type Owner = typeof Owner.Type

const decode = Schema.decodeUnknownOption(Schema.fromJsonString(Owner))

/** The locks of this process by token, and whether it still holds them. */
const ours = new Map<string, boolean>()

/** The lock file of a journal. */
export const fileOf = (path: string): string => `${path}.lock`

/**
 * Takes the lock of a journal and holds it for the scope. Fails at once where another process has it. Whether the owner
 * is still there can only be told of one on this host; another host's lock is left alone.
 */
export const acquire = Effect.fnUntraced(function* (
  path: string
): Effect.fn.Return<void, RunLocked | JournalUnwritable, FileSystem.FileSystem | Scope.Scope> {
  const { self } = yield* Processes
  const lock = fileOf(path)
  // not from `Random`: two processes with one seed would have one token
  const token = yield* Effect.sync(() => crypto.randomUUID())
  const mine: Owner = { ...self, since: yield* Clock.currentTimeMillis, token }
  const take = Effect.gen(function* () {
    yield* Folder.make(Folder.of(path))
    ours.set(token, true)
    return yield* claim(lock, mine)
  }).pipe(
    Effect.mapError(
      (error) => new JournalUnwritable({ message: `the lock ${lock} cannot be taken: ${fileProblem(error)}` })
    ),
    Effect.onError(() => leave(lock, mine)),
    Effect.tap((owner) => (owner === undefined ? Effect.void : new RunLocked(lockedBy(owner, path))))
  )
  yield* Effect.acquireRelease(take, () => leave(lock, mine))
})

const lockedBy = ({ host, pid }: Owner, path: string) => ({
  message:
    `process ${pid} on ${host} is working on ${path}: only one can at a time. ` +
    `If there is no such process any more, remove ${fileOf(path)}`,
  path: fileOf(path),
  pid,
  host
})

/** The process that works on a journal just now, as far as one can tell from here. */
export const holder = Effect.fnUntraced(function* (
  path: string
): Effect.fn.Return<Process | undefined, PlatformError, FileSystem.FileSystem> {
  const content = yield* read(fileOf(path))
  return content === undefined ? undefined : yield* living(content)
})

/** Makes a lock file ours, or tells whose it is. */
const claim: (lock: string, mine: Owner) => Effect.Effect<Owner | undefined, PlatformError, FileSystem.FileSystem> =
  Effect.fnUntraced(function* (lock, mine) {
    const fs = yield* FileSystem.FileSystem
    while (true) {
      const free = yield* written(lock, mine, (part) =>
        Effect.as(fs.link(part, lock), true).pipe(Effect.catchIf(isTaken, () => Effect.succeed(false)))
      )
      if (free) return undefined
      const content = yield* read(lock)
      // let go of just now
      if (content === undefined) continue
      const owner = yield* living(content)
      if (owner !== undefined) return owner
      const guard = `${lock}.${sha256(content).slice(0, 16)}`
      const rival = yield* claim(guard, mine)
      if (rival !== undefined) return rival
      const taken = yield* Effect.gen(function* () {
        if ((yield* read(lock)) !== content) return false
        return yield* written(lock, mine, (part) => Effect.as(fs.rename(part, lock), true))
      }).pipe(Effect.ensuring(Effect.ignore(fs.remove(guard, { force: true }))))
      if (taken) return undefined
    }
  })

/** Our claim in a file of its own, as long as `use` needs it: nobody sees a lock file that is half written. */
const written = Effect.fnUntraced(function* <A>(
  lock: string,
  mine: Owner,
  use: (part: string) => Effect.Effect<A, PlatformError>
) {
  const fs = yield* FileSystem.FileSystem
  const part = `${lock}.${mine.token}`
  return yield* fs
    .writeFileString(part, JSON.stringify(mine), { flag: "w", mode: 0o600 })
    .pipe(Effect.andThen(use(part)), Effect.ensuring(Effect.ignore(fs.remove(part, { force: true }))))
})

/** Lets go of a lock, where it is ours. What cannot be removed stays behind as a dead owner's. */
const leave = (lock: string, { token }: Owner) =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const content = yield* read(lock)
    if (content !== undefined && Option.exists(decode(content), (owner) => owner.token === token)) {
      yield* fs.remove(lock, { force: true })
    }
  }).pipe(Effect.ignore, Effect.ensuring(Effect.sync(() => ours.set(token, false))))

const read = (lock: string) =>
  Effect.flatMap(FileSystem.FileSystem, (fs) =>
    fs.readFileString(lock).pipe(Effect.catchIf(isMissing, () => Effect.succeed<string | undefined>(undefined)))
  )

/** The owner that a lock file names, if it may still be there. A lock that cannot be read was left by a power cut. */
const living = Effect.fnUntraced(function* (content: string) {
  const owner = Option.getOrUndefined(decode(content))
  if (owner === undefined) return undefined
  const { find, self } = yield* Processes
  if (owner.host !== self.host) return owner
  const found = find(owner.pid)
  if (found === undefined) return undefined
  if (owner.pid === self.pid) {
    // our pid and not our lock: from before a restart, unless another thread of this very process has it
    const isOurs = ours.get(owner.token) ?? (owner.started !== undefined && owner.started === self.started)
    return isOurs ? owner : undefined
  }
  const isAnother = owner.started !== undefined && found.started !== undefined && owner.started !== found.started
  return isAnother ? undefined : owner
})

const isTaken = ({ reason }: PlatformError): boolean => reason._tag === "AlreadyExists"
const isMissing = ({ reason }: PlatformError): boolean => reason._tag === "NotFound"
