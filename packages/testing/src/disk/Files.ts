/** A volume behind a gate, as Effect's `FileSystem`. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import type { PlatformError } from "effect/PlatformError"
import * as Stream from "effect/Stream"
import { error } from "./Fault.ts"
import { info } from "./fileInfo.ts"
import type { Gate, Share } from "./Gate.ts"
import * as Handle from "./Handle.ts"
import { type Node, normal, parent, type Volume } from "./Volume.ts"

export const make = (volume: Volume, gate: Gate): FileSystem.FileSystem => {
  let temporary = 0
  const below = (folder: string) => volume.paths().filter((path) => path.startsWith(`${folder}/`))
  const children = (folder: string) =>
    volume
      .paths()
      .filter((path) => path !== "" && parent(path) === folder)
      .sort()

  /** One operation on one path, all of it in one moment. */
  const on = <A>(
    method: string,
    path: string,
    perform: (
      at: string,
      fail: (code: string) => Effect.Effect<never, PlatformError>,
      share: Share
    ) => Effect.Effect<A, PlatformError>,
    bytes?: Uint8Array
  ) =>
    gate.pass(
      method,
      path,
      (share) => perform(normal(path), (code) => Effect.fail(error(code, method, path)), share),
      bytes
    )
  const existing = <A>(method: string, path: string, perform: (node: Node, at: string) => A) =>
    on(method, path, (at, fail) => {
      const node = volume.get(at)
      return node === undefined ? fail("ENOENT") : Effect.sync(() => perform(node, at))
    })

  /** The node of an open file, made where the flag says so. */
  const opened = (at: string, flag: FileSystem.OpenFlag, fail: (code: string) => Effect.Effect<never, PlatformError>) =>
    Effect.suspend(() => {
      const node = volume.get(at)
      if (node?.kind === "folder" && flag !== "r") return fail("EISDIR")
      if (node !== undefined && flag.includes("x")) return fail("EEXIST")
      if (node === undefined && flag.startsWith("r")) return fail("ENOENT")
      if (node === undefined && volume.get(parent(at))?.kind !== "folder") {
        return fail(volume.get(parent(at)) === undefined ? "ENOENT" : "ENOTDIR")
      }
      if (node !== undefined && flag.startsWith("w")) volume.truncate(node, 0)
      return Effect.succeed(node ?? volume.create(at, "file"))
    })

  const writeFile: FileSystem.FileSystem["writeFile"] = (path, data, options) =>
    on(
      "writeFile",
      path,
      (at, fail, share) =>
        Effect.map(opened(at, options?.flag ?? "w", fail), (node) =>
          volume.write(
            node,
            options?.flag?.startsWith("a") ? node.content.length : 0,
            share === "all" ? data : data.subarray(0, data.length >> 1)
          )
        ),
      data
    )

  const move = (method: "rename" | "link", from: string, to: string) =>
    on(method, from, (at, fail) =>
      Effect.suspend(() => {
        const node = volume.get(at)
        const target = normal(to)
        const there = volume.get(target)
        if (node === undefined || volume.get(parent(target))?.kind !== "folder") return fail("ENOENT")
        if (method === "link" && there !== undefined) return fail("EEXIST")
        if (there?.kind === "folder") return fail("EISDIR")
        // two names of one file: there is nothing to do
        if (there === node) return Effect.void
        if (method === "link") return Effect.sync(() => volume.name([[target, node]]))
        const inside = below(at).map((path) => [`${target}${path.slice(at.length)}`, path] as const)
        return Effect.sync(() =>
          volume.name([
            [target, node],
            [at, undefined],
            ...inside.flatMap(([next, path]) => [[next, volume.get(path)] as const, [path, undefined] as const])
          ])
        )
      })
    )

  const makeDirectory: FileSystem.FileSystem["makeDirectory"] = (path, options) =>
    on("makeDirectory", path, (at, fail) =>
      Effect.suspend(() => {
        const node = volume.get(at)
        if (node !== undefined) return options?.recursive && node.kind === "folder" ? Effect.void : fail("EEXIST")
        const missing = [at]
        while (volume.get(parent(missing[0]!)) === undefined) missing.unshift(parent(missing[0]!))
        if (missing.length > 1 && !options?.recursive) return fail("ENOENT")
        for (const one of missing) volume.create(one, "folder")
        return Effect.void
      })
    )

  const remove: FileSystem.FileSystem["remove"] = (path, options) =>
    on("remove", path, (at, fail) =>
      Effect.suspend(() => {
        const node = volume.get(at)
        if (node === undefined) return options?.force ? Effect.void : fail("ENOENT")
        if (node.kind === "folder" && !options?.recursive) return fail("EISDIR")
        for (const one of [at, ...below(at)]) volume.name([[one, undefined]])
        return Effect.void
      })
    )

  const open: FileSystem.FileSystem["open"] = (path, options) => {
    const flag = options?.flag ?? "r"
    return on("open", path, (at, fail) =>
      Effect.map(opened(at, flag, fail), (node) =>
        Handle.make({ volume, gate, node, at, path, append: flag.startsWith("a") })
      )
    )
  }

  const makeTempDirectory: FileSystem.FileSystem["makeTempDirectory"] = (options) =>
    Effect.suspend(() => {
      const path = `${options?.directory ?? "tmp"}/${options?.prefix ?? ""}${++temporary}`
      return Effect.as(makeDirectory(path, { recursive: true }), path)
    })
  const makeTempFile: FileSystem.FileSystem["makeTempFile"] = (options) =>
    Effect.flatMap(makeTempDirectory(options), (folder) => {
      const path = `${folder}/file${options?.suffix ?? ""}`
      return Effect.as(writeFile(path, new Uint8Array(0)), path)
    })
  const scoped = (made: Effect.Effect<string, PlatformError>) =>
    Effect.acquireRelease(made, (path) => Effect.ignore(remove(path, { recursive: true, force: true })))
  const unsupported = (method: string, path: string) => on(method, path, (_, fail) => fail("ENOTSUP"))

  return FileSystem.make({
    access: (path) => existing("access", path, () => undefined),
    chmod: (path) => existing("chmod", path, () => undefined),
    chown: (path) => existing("chown", path, () => undefined),
    utimes: (path) => existing("utimes", path, () => undefined),
    stat: (path) => existing("stat", path, info),
    lstat: (path) => existing("lstat", path, info),
    realPath: (path) => existing("realPath", path, (_, at) => `/${at}`),
    readFile: (path) => existing("readFile", path, ({ content }) => content.slice()),
    readDirectory: (path) =>
      existing("readDirectory", path, (_, at) => children(at).map((one) => one.slice(at === "" ? 0 : at.length + 1))),
    readDirectoryEntries: (path) =>
      existing("readDirectoryEntries", path, (_, at) =>
        children(at).map((one) => ({
          name: one.slice(at === "" ? 0 : at.length + 1),
          type: volume.get(one)!.kind === "file" ? ("File" as const) : ("Directory" as const)
        }))
      ),
    truncate: (path, length) => existing("truncate", path, (node) => volume.truncate(node, length ?? 0)),
    copyFile: (from, to) =>
      Effect.suspend(() => writeFile(to, volume.get(normal(from))?.content ?? new Uint8Array(0))).pipe(
        Effect.when(Effect.sync(() => volume.get(normal(from))?.kind === "file")),
        Effect.flatMap((done) => (Option.isSome(done) ? Effect.void : Effect.fail(error("ENOENT", "copyFile", from))))
      ),
    copy: (from) => unsupported("copy", from),
    symlink: (from) => unsupported("symlink", from),
    readLink: (path) => unsupported("readLink", path),
    watch: (path) => Stream.fromEffect(unsupported("watch", path)),
    link: (from, to) => move("link", from, to),
    rename: (from, to) => move("rename", from, to),
    makeDirectory,
    makeTempDirectory,
    makeTempDirectoryScoped: (options) => scoped(makeTempDirectory(options)),
    makeTempFile,
    makeTempFileScoped: (options) => scoped(makeTempFile(options)),
    open,
    remove,
    writeFile
  })
}
