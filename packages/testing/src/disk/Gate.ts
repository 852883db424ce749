/** Where every operation of a disk passes: it is counted, and may fail, or be the last one. */
import * as Effect from "effect/Effect"
import type { PlatformError } from "effect/PlatformError"
import { error, type Fault } from "./Fault.ts"

/** One thing asked of a disk. */
export interface Operation {
  /** From 1. */
  readonly number: number
  /** As the method of `FileSystem` or `File` is called: `open`, `write`, `sync`, `rename`, … */
  readonly method: string
  readonly path: string
  /** What a write is to write. */
  readonly bytes?: Uint8Array | undefined
}

/** When a machine stops: before an operation is done, after it, or (of a write) when half of it is. */
export type Crash = "before" | "during" | "after"

/** What a program dies of when its machine stops. */
export class DiskCrashed extends Error {
  override readonly name = "DiskCrashed"
}

/** How much of an operation is done: all of it, or half and then it fails. */
export type Share = "all" | "half"

export interface Gate {
  /** Does an operation, as far as it can be done. */
  readonly pass: <A>(
    method: string,
    path: string,
    perform: (share: Share) => Effect.Effect<A, PlatformError>,
    bytes?: Uint8Array
  ) => Effect.Effect<A, PlatformError>
  readonly operations: () => ReadonlyArray<Operation>
  readonly crash: Effect.Effect<never>
  readonly hasCrashed: () => boolean
}

interface Options {
  readonly fault?: Fault | undefined
  readonly crash?: ((operation: Operation) => Crash | undefined) | undefined
}

export const make = ({ crash: crashes, fault }: Options): Gate => {
  const operations: Array<Operation> = []
  let crashed = false
  const crash = Effect.suspend(() => {
    crashed = true
    return Effect.die(new DiskCrashed("the machine has stopped"))
  })
  return {
    operations: () => operations,
    crash,
    hasCrashed: () => crashed,
    pass: (method, path, perform, bytes) =>
      // a disk takes its time, and others do something meanwhile
      Effect.andThen(
        Effect.yieldNow,
        Effect.suspend(() => {
          if (crashed) return crash
          const number = operations.length + 1
          const operation: Operation = { number, method, path, bytes }
          operations.push(operation)
          const stop = crashes?.(operation)
          if (stop === "before") return crash
          if (stop === "after") return Effect.andThen(perform("all"), crash)
          if (stop === "during") return Effect.andThen(bytes === undefined ? Effect.void : perform("half"), crash)
          const hit = fault !== undefined && (fault.onwards ? number >= fault.at : number === fault.at)
          if (!hit) return perform("all")
          if (fault.kind !== "short write") return Effect.fail(error(fault.kind, method, path))
          if (bytes === undefined) return perform("all")
          return Effect.andThen(perform("half"), Effect.fail(error("ENOSPC", method, path)))
        })
      )
  }
}
