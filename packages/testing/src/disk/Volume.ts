/**
 * What a disk holds: files by name, as programs see them, and beside it what would still be there after a power cut.
 */

/** A change of a file that was not synced. */
type Change = { readonly at: number; readonly bytes: Uint8Array } | { readonly length: number }

/** A file or a folder; several names can mean one file. */
export interface Node {
  readonly kind: "file" | "folder"
  readonly id: number
  content: Uint8Array
  durable: Uint8Array
  changes: Array<Change>
}

/** Names that change together: a rename is two. */
type Naming = ReadonlyArray<readonly [path: string, node: Node | undefined]>

export interface Volume {
  readonly get: (path: string) => Node | undefined
  readonly create: (path: string, kind: Node["kind"]) => Node
  /** Gives and takes names, together. */
  readonly name: (naming: Naming) => void
  readonly write: (node: Node, at: number, bytes: Uint8Array) => void
  readonly truncate: (node: Node, length: number) => void
  /** A file: its content. A folder: which names it has. */
  readonly sync: (path: string, node: Node) => void
  readonly paths: () => ReadonlyArray<string>
  /** As a process that is started after this one was killed finds it. */
  readonly killed: () => Volume
  /** As it is found after a power cut: of what was not synced, only what `keeps` says. */
  readonly cut: (keeps: () => boolean) => Volume
}

const sector = 512

/** `/a//b/./c/` and `a/b/c` are one place. */
export const normal = (path: string): string => {
  const parts: Array<string> = []
  for (const part of path.split("/")) {
    if (part === "..") parts.pop()
    else if (part !== "" && part !== ".") parts.push(part)
  }
  return parts.join("/")
}

/** The folder of a normal path; the root is the empty one. */
export const parent = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")))

const placed = (content: Uint8Array, change: Change): Uint8Array => {
  const size = "length" in change ? change.length : Math.max(content.length, change.at + change.bytes.length)
  const next = new Uint8Array(size)
  next.set(content.subarray(0, size))
  if ("bytes" in change) next.set(change.bytes, change.at)
  return next
}

/** A write as the disk may split it. */
const sectors = (change: Change): ReadonlyArray<Change> => {
  if ("length" in change) return [change]
  const parts: Array<Change> = []
  for (let from = 0; from < change.bytes.length; ) {
    const at = change.at + from
    const to = Math.min(change.bytes.length, from + sector - (at % sector))
    parts.push({ at, bytes: change.bytes.subarray(from, to) })
    from = to
  }
  return parts
}

/** A volume; `durable`: what a power cut has left of an earlier one, which is all there is. */
export const make = (durable: ReadonlyMap<string, Node> = new Map()): Volume => {
  let ids = 0
  const fresh = (kind: Node["kind"]): Node => ({
    kind,
    id: ids++,
    content: new Uint8Array(0),
    durable: new Uint8Array(0),
    changes: []
  })
  const names = new Map<string, Node>(durable.size === 0 ? [["", fresh("folder")]] : durable)
  const kept = new Map(names)
  let unsynced: Array<Naming> = []

  const apply = (to: Map<string, Node>, naming: Naming) => {
    for (const [path, node] of naming) {
      if (node === undefined) to.delete(path)
      else to.set(path, node)
    }
  }
  const name = (naming: Naming) => {
    apply(names, naming)
    unsynced.push(naming)
  }
  const change = (node: Node, one: Change) => {
    node.content = placed(node.content, one)
    node.changes.push(one)
  }

  /** The same names for copies of the files, whose content is on the disk. */
  const copied = (from: ReadonlyMap<string, Node>, contentOf: (node: Node) => Uint8Array): Volume => {
    const copies = new Map<Node, Node>()
    const copy = (node: Node): Node => {
      const known = copies.get(node)
      if (known !== undefined) return known
      const content = contentOf(node)
      const made: Node = { kind: node.kind, id: ids++, content, durable: content, changes: [] }
      copies.set(node, made)
      return made
    }
    return make(new Map([...from].map(([path, node]) => [path, copy(node)])))
  }

  return {
    get: (path) => names.get(path),
    create: (path, kind) => {
      const node = fresh(kind)
      name([[path, node]])
      return node
    },
    name,
    write: (node, at, bytes) => change(node, { at, bytes: bytes.slice() }),
    truncate: (node, length) => change(node, { length }),
    sync: (path, node) => {
      if (node.kind === "file") {
        node.durable = node.content
        node.changes = []
        return
      }
      const isHere = (naming: Naming) => naming.some(([one]) => parent(one) === path)
      for (const naming of unsynced.filter(isHere)) apply(kept, naming)
      unsynced = unsynced.filter((naming) => !isHere(naming))
    },
    paths: () => [...names.keys()],
    killed: () => copied(names, ({ content }) => content),
    cut: (keeps) => {
      // names are journaled by file systems: they survive in their order, up to some place
      const survived = new Map(kept)
      for (const naming of unsynced) {
        if (!keeps()) break
        apply(survived, naming)
      }
      return copied(survived, ({ changes, durable }) =>
        changes
          .flatMap(sectors)
          .reduce<Uint8Array>((content, part) => (keeps() ? placed(content, part) : content), durable)
      )
    }
  }
}
