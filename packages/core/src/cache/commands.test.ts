/** Any sequence of commands on a cache, against a plain map of what it should know. */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Deferred, Effect, Exit, Fiber, FileSystem, Logger, Schema } from "effect"
import * as Key from "../journal/Key.ts"
import * as Completion from "../model/Completion.ts"
import * as Request from "../model/Request.ts"
import { ProviderUnavailable } from "../model/TextModelError.ts"
import * as Cache from "./Cache.ts"
import * as Entry from "./Entry.ts"
import { folder } from "./folder.ts"
import { memory } from "./memory.ts"
import { type Store, StoreFailed } from "./Store.ts"

const identity = { provider: "test", model: "one" }
const question = Schema.Literals(["a", "ab", "b"])
const Command = Schema.Union([
  Schema.TaggedStruct("Ask", {
    question,
    reply: Schema.Literals(["whole", "empty", "cut", "filtered", "failed", "dies"]),
    at: Schema.Literals([1, 2, 5])
  }),
  /** The one who asks is interrupted, while others wait for the same. */
  Schema.TaggedStruct("Interrupt", { question, waiting: Schema.Literals([0, 1, 3]) }),
  Schema.TaggedStruct("Damage", {
    question,
    how: Schema.Literals(["flip", "cut", "empty", "foreign", "another", "lost"])
  }),
  Schema.TaggedStruct("Disk", { reads: Schema.Boolean, writes: Schema.Boolean }),
  Schema.TaggedStruct("Reopen", {})
])
type Command = typeof Command.Type
const commands = Arbitrary.array(Arbitrary.schema(Command), { maxLength: 50 })

const requestOf = (text: string) => Request.make({ purpose: "forward", messages: [{ role: "user", content: text }] })
const keyOf = (text: string) => Key.of(requestOf(text), identity)

const spoiled = (how: (Command & { readonly _tag: "Damage" })["how"], entry: string, another: string): string => {
  switch (how) {
    case "flip":
      return entry.slice(0, 90) + (entry[90] === "x" ? "y" : "x") + entry.slice(91)
    case "cut":
      return entry.slice(0, -1)
    case "foreign":
      return entry.replace(`reply ${Entry.version} `, `reply ${Entry.version + 1} `)
    case "another":
      return another
    default:
      return ""
  }
}

/** A store that can be made to fail. */
const onFaultyDisk = (store: Store) => {
  const disk = { reads: true, writes: true }
  const faulty: Store = {
    get: (key) =>
      Effect.suspend(() =>
        disk.reads ? store.get(key) : Effect.fail(new StoreFailed({ kind: "read", message: "EIO" }))
      ),
    set: (key, entry) =>
      Effect.suspend(() =>
        disk.writes ? store.set(key, entry) : Effect.fail(new StoreFailed({ kind: "write", message: "ENOSPC" }))
      )
  }
  return { disk, faulty }
}

const play = Effect.fnUntraced(function* (
  script: ReadonlyArray<Command>,
  store: Store,
  lose: (key: string) => Effect.Effect<void>
) {
  const { disk, faulty } = onFaultyDisk(store)
  const known = new Map<string, string>()
  let cache = Cache.make(faulty)
  let asked = 0
  const model = (answer: (n: number) => ReturnType<ReturnType<typeof cache.cached>["complete"]>) =>
    cache.cached({ identity, complete: () => Effect.suspend(() => answer(asked++)) })

  for (const [turn, command] of script.entries()) {
    const before = asked
    switch (command._tag) {
      case "Ask": {
        const { question, reply, at } = command
        const text = reply === "empty" ? " " : `${question} at ${turn}`
        const finishReason = reply === "cut" ? "length" : reply === "filtered" ? "content-filter" : "stop"
        const { complete } = model(() =>
          Effect.andThen(
            Effect.yieldNow,
            reply === "failed"
              ? Effect.fail(new ProviderUnavailable({ message: text }))
              : reply === "dies"
                ? Effect.die(text)
                : Effect.succeed(Completion.make(text, { finishReason }))
          )
        )
        const exits = yield* Effect.all(
          Array.from({ length: at }, () => Effect.exit(complete(requestOf(question)))),
          { concurrency: "unbounded" }
        )
        const expected = disk.reads ? known.get(question) : undefined
        assert.strictEqual(asked - before, expected === undefined ? 1 : 0)
        const paid = exits.flatMap((exit) => (Exit.isSuccess(exit) ? [exit.value.usage.calls] : []))
        if (expected === undefined && (reply === "failed" || reply === "dies")) {
          assert.isTrue(exits.every(Exit.isFailure))
          break
        }
        for (const exit of exits) assert.strictEqual(Exit.isSuccess(exit) && exit.value.text, expected ?? text)
        assert.strictEqual(
          paid.reduce((a, b) => a + b, 0),
          expected === undefined ? 1 : 0
        )
        if (expected === undefined && reply === "whole" && disk.writes) known.set(question, text)
        break
      }
      case "Interrupt": {
        const { question, waiting } = command
        const begun = yield* Deferred.make<void>()
        const { complete } = model((n) =>
          n === before
            ? Effect.andThen(Deferred.succeed(begun, undefined), Effect.never)
            : Effect.as(Effect.yieldNow, Completion.make(`${question} at ${turn}`))
        )
        const ask = Effect.forkChild(complete(requestOf(question)), { startImmediately: true })
        const leader = yield* ask
        const expected = disk.reads ? known.get(question) : undefined
        if (expected === undefined) yield* Deferred.await(begun)
        const others = yield* Effect.replicateEffect(ask, waiting)
        yield* Fiber.interrupt(leader)
        for (const other of others) {
          assert.strictEqual((yield* Fiber.join(other)).text, expected ?? `${question} at ${turn}`)
        }
        assert.strictEqual(asked - before, expected !== undefined ? 0 : waiting === 0 ? 1 : 2)
        if (expected === undefined && waiting > 0 && disk.writes) known.set(question, `${question} at ${turn}`)
        break
      }
      case "Damage": {
        const { how, question } = command
        const key = keyOf(question)
        const entry = yield* store.get(key)
        if (how === "lost") yield* lose(key)
        else if (entry !== undefined) {
          const another = Entry.encode(Key.question(requestOf("other"), identity), Completion.make("other"))
          yield* store.set(key, spoiled(how, entry, another))
        }
        known.delete(question)
        break
      }
      case "Disk":
        Object.assign(disk, { reads: command.reads, writes: command.writes })
        break
      case "Reopen":
        cache = Cache.make(faulty)
    }
  }
})

const silent = Effect.provide(Logger.layer([]))

describe("any commands on a cache", () => {
  it.effect.prop(
    "are answered as a plain map would, in memory",
    [commands],
    ([script]) => {
      const store = memory()
      return play(script, store, (key) => Effect.orDie(store.set(key, ""))).pipe(silent)
    },
    { arbitrary: { runs: 200, size: 50 } }
  )

  it.effect.prop(
    "are answered as a plain map would, in a folder",
    [commands],
    ([script]) =>
      Effect.gen(function* () {
        const fs = yield* FileSystem.FileSystem
        const root = yield* fs.makeTempDirectoryScoped()
        const lose = (key: string) => Effect.orDie(fs.remove(`${root}/${key.slice(0, 2)}/${key}`, { force: true }))
        yield* play(script, yield* folder(root), lose)
      }).pipe(Effect.scoped, Effect.provide(NodeServices.layer), silent),
    { arbitrary: { runs: 200, size: 50 }, timeout: 60_000 }
  )
})
