/**
 * A disk in memory, as a `FileSystem`, that fails and crashes when a test says so: the n-th operation fails, a power cut
 * loses or reorders what was not synced. To prove that what a program keeps on disk survives anything.
 */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Chance from "./Chance.ts"
import type { Fault } from "./Fault.ts"
import * as Files from "./Files.ts"
import * as Gate from "./Gate.ts"
import * as Volume from "./Volume.ts"

export type { Fault, Kind } from "./Fault.ts"
export { type Crash, DiskCrashed, type Operation } from "./Gate.ts"

export interface Options {
  /** What fails. Default: nothing. */
  readonly fault?: Fault | undefined
  /**
   * Asked before each operation whether the machine stops there: before it, after it, or in the middle of a write.
   * Default: it does not.
   */
  readonly crash?: ((operation: Gate.Operation) => Gate.Crash | undefined) | undefined
}

export interface FaultDisk {
  readonly fileSystem: FileSystem.FileSystem
  readonly layer: Layer.Layer<FileSystem.FileSystem>
  /** What was asked of the disk so far, in order. */
  readonly operations: () => ReadonlyArray<Gate.Operation>
  /** Stops the machine now: this and every later operation dies with `DiskCrashed`, as the process would. */
  readonly crash: Effect.Effect<never>
  readonly hasCrashed: () => boolean
  /** The files by path (without a slash in front), as programs see them. */
  readonly files: () => ReadonlyMap<string, Uint8Array>
  /** The disk as the next process finds it, where this one was killed: all that was written is there, synced or not. */
  readonly afterKill: (options?: Options) => FaultDisk
  /**
   * The disk as it is found after a power cut. What was synced is there, and a name where its folder was synced. Of all
   * else nothing is there, or, with a seed, a part of it: sectors of 512 bytes in any combination, names up to some place
   * in their order. Gaps read as zeros.
   */
  readonly afterPowerCut: (seed?: number, options?: Options) => FaultDisk
}

/**
 * A disk with these files on it.
 *
 * **Example** (The journal of a run, with a disk that is full from the 20th operation on)
 *
 * ```ts
 * import { Journal } from "@backprose/core"
 * import { FaultDisk } from "@backprose/testing"
 * import { Layer } from "effect"
 *
 * const disk = FaultDisk.make({ fault: { kind: "ENOSPC", at: 20, onwards: true } })
 * const journal = Journal.layerFile({ path: "run/journal" }).pipe(Layer.provide(disk.layer))
 * // … and later, to resume on what the crash has left:
 * const after = disk.afterPowerCut(7)
 * ```
 */
export const make = (
  options: Options = {},
  files: Readonly<{ [path: string]: string | Uint8Array }> = {}
): FaultDisk => {
  const volume = Volume.make()
  for (const [path, content] of Object.entries(files)) {
    const at = Volume.normal(path)
    for (let end = at.indexOf("/"); end !== -1; end = at.indexOf("/", end + 1)) {
      if (volume.get(at.slice(0, end)) === undefined) volume.create(at.slice(0, end), "folder")
    }
    volume.write(
      volume.create(at, "file"),
      0,
      typeof content === "string" ? new TextEncoder().encode(content) : content
    )
  }
  return over(
    volume.cut(() => true),
    options
  )
}

const over = (volume: Volume.Volume, options: Options): FaultDisk => {
  const gate = Gate.make(options)
  const fileSystem = Files.make(volume, gate)
  return {
    fileSystem,
    layer: Layer.succeed(FileSystem.FileSystem, fileSystem),
    operations: gate.operations,
    crash: gate.crash,
    hasCrashed: gate.hasCrashed,
    files: () =>
      new Map(
        volume.paths().flatMap((path) => {
          const node = volume.get(path)!
          return node.kind === "file" ? [[path, node.content] as const] : []
        })
      ),
    afterKill: (options = {}) => over(volume.killed(), options),
    afterPowerCut: (seed, options = {}) =>
      over(volume.cut(seed === undefined ? () => false : Chance.some(seed)), options)
  }
}
