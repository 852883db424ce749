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

/** What a volume begins with. */
interface State {
  readonly names: ReadonlyMap<string, Node>
  /** The names that a power cut leaves. */
  readonly kept: ReadonlyMap<string, Node>
  /** The changes from those to these, in order. */
  readonly unsynced: ReadonlyArray<Naming>
  /** How many files and folders there ever were. */
  readonly ids: number
}

/** The same names for copies of the files, so that two volumes have nothing in common. */
const copied = ({ ids, kept, names, unsynced }: State, copy: (node: Node) => Omit<Node, "kind" | "id">): State => {
  const copies = new Map<Node, Node>()
  const of = (node: Node): Node => {
    const made = copies.get(node) ?? { kind: node.kind, id: node.id, ...copy(node) }
    copies.set(node, made)
    return made
  }
  const all = (from: ReadonlyMap<string, Node>) => new Map([...from].map(([path, node]) => [path, of(node)]))
  return {
    ids,
    names: all(names),
    kept: all(kept),
    unsynced: unsynced.map((naming) => naming.map(([path, node]) => [path, node && of(node)] as const))
  }
}

/** An empty volume, or one that goes on from another. */
export const make = (from: State = empty()): Volume => {
  let ids = from.ids
  const fresh = (kind: Node["kind"]): Node => ({
    kind,
    id: ids++,
    content: new Uint8Array(0),
    durable: new Uint8Array(0),
    changes: []
  })
  const names = new Map(from.names)
  const kept = new Map(from.kept)
  let unsynced = [...from.unsynced]

  const name = (naming: Naming) => {
    apply(names, naming)
    unsynced.push(naming)
  }
  const change = (node: Node, one: Change) => {
    node.content = placed(node.content, one)
    node.changes.push(one)
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
    killed: () =>
      // what was not synced is still not synced
      make(copied({ names, kept, unsynced, ids }, (node) => ({ ...node, changes: [...node.changes] }))),
    cut: (keeps) => {
      // names are journaled by file systems: they survive in their order, up to some place
      const survived = new Map(kept)
      for (const naming of unsynced) {
        if (!keeps()) break
        apply(survived, naming)
      }
      return make(
        copied({ names: survived, kept: survived, unsynced: [], ids }, ({ changes, durable }) => {
          const content = changes
            .flatMap(sectors)
            .reduce<Uint8Array>((content, part) => (keeps() ? placed(content, part) : content), durable)
          return { content, durable: content, changes: [] }
        })
      )
    }
  }
}

const empty = (): State => {
  const root: Node = { kind: "folder", id: 0, content: new Uint8Array(0), durable: new Uint8Array(0), changes: [] }
  const names = new Map([["", root]])
  return { names, kept: names, unsynced: [], ids: 1 }
}

const apply = (to: Map<string, Node>, naming: Naming) => {
  for (const [path, node] of naming) {
    if (node === undefined) to.delete(path)
    else to.set(path, node)
  }
}
