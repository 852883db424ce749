/** Places for records that must survive a power cut: our log, and SQLite in two ways. */
import { DatabaseSync } from "node:sqlite"
import { JournalFile, JournalRecord } from "@backprose/core"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"

export interface Opened {
  readonly records: number
  /** Returns when the record is on the disk. */
  readonly append: (record: JournalRecord.Record) => Effect.Effect<void, unknown>
}

export interface Store {
  readonly name: string
  readonly open: (path: string) => Effect.Effect<Opened, unknown, Scope.Scope>
}

const log: Store = {
  name: "log",
  open: (path) =>
    Effect.map(JournalFile.open(path), ({ append, records }) => ({
      records: records.length,
      append: (record: JournalRecord.Record) => append(record, true)
    })).pipe(Effect.provide(NodeFileSystem.layer))
}

const Line = Schema.fromJsonString(JournalRecord.Record)
const encode = Schema.encodeEffect(Line)
const decode = Schema.decodeUnknownEffect(Line)

/** The database, its records read as ours are: decoded, all of them. */
const database = Effect.fnUntraced(function* (path: string) {
  const db = yield* Effect.acquireRelease(
    Effect.sync(() => new DatabaseSync(path)),
    (db) => Effect.sync(() => db.close())
  )
  db.exec(
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE IF NOT EXISTS r (n INTEGER PRIMARY KEY, json TEXT)"
  )
  const rows = db.prepare("SELECT json FROM r ORDER BY n").all()
  const records = yield* Effect.forEach(rows, ({ json }) => decode(json))
  return { db, insert: db.prepare("INSERT INTO r (json) VALUES (?)"), records: records.length }
})

const each: Store = {
  name: "SQLite, a transaction each",
  open: (path) =>
    Effect.map(database(path), ({ insert, records }) => ({
      records,
      append: (record) => Effect.map(encode(record), (json) => void insert.run(json))
    }))
}

const together: Store = {
  name: "SQLite, one transaction for all that wait",
  open: (path) =>
    Effect.map(database(path), ({ db, insert, records }) => {
      let waiting: Array<string> = []
      let done = Deferred.makeUnsafe<void>()
      const commit = Effect.sync(() => {
        const [group, committed] = [waiting, done]
        waiting = []
        done = Deferred.makeUnsafe<void>()
        db.exec("BEGIN")
        for (const json of group) insert.run(json)
        db.exec("COMMIT")
        Deferred.doneUnsafe(committed, Effect.void)
      })
      return {
        records,
        append: Effect.fnUntraced(function* (record) {
          waiting.push(yield* encode(record))
          const mine = done
          // everybody else who is ready now comes first
          if (waiting.length === 1) yield* Effect.andThen(Effect.yieldNow, commit)
          yield* Deferred.await(mine)
        })
      }
    })
}

export const stores: ReadonlyArray<Store> = [log, each, together]
