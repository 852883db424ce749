import { assert, describe, it } from "@effect/vitest"
import { filter } from "./seccomp.ts"

interface Call {
  readonly number: number
  readonly architecture: number
  readonly first?: number
}

/** What the kernel would do: it runs the filter on the call. */
const decided = (bytes: Uint8Array, { architecture, first = 0, number }: Call): string => {
  const program = Buffer.from(bytes)
  const data: Record<number, number> = { 0: number, 4: architecture, 16: first }
  let accumulator = 0
  for (let at = 0; at * 8 < program.length; at++) {
    const code = program.readUInt16LE(at * 8)
    const [yes, no] = [program.readUInt8(at * 8 + 2), program.readUInt8(at * 8 + 3)]
    const value = program.readUInt32LE(at * 8 + 4)
    if (code === 0x20) accumulator = data[value]!
    else if (code === 0x15) at += accumulator === value ? yes : no
    else if (code === 0x35) at += accumulator >= value ? yes : no
    else if (code === 0x45) at += (accumulator & value) !== 0 ? yes : no
    else if (code === 0x06) {
      return value === 0x7fff0000 ? "allowed" : value === 0x80000000 ? "killed" : `errno ${value & 0xffff}`
    } else return `no instruction: ${code}`
  }
  return "it ran out of its program"
}

const machines = {
  x64: { architecture: 0xc000003e, read: 0, openat: 257, execve: 59, clone: 56, socket: 41, unshare: 272, ptrace: 101 },
  arm64: {
    architecture: 0xc00000b7,
    read: 63,
    openat: 56,
    execve: 221,
    clone: 220,
    socket: 198,
    unshare: 97,
    ptrace: 117
  }
}

const [EPERM, ENOSYS, EAFNOSUPPORT] = ["errno 1", "errno 38", "errno 97"]

for (const [name, { architecture, ...calls }] of Object.entries(machines)) {
  describe(`the filter of ${name}`, () => {
    const bytes = filter(name)!
    const call = (number: number, first?: number) =>
      decided(bytes, { number, architecture, ...(first !== undefined && { first }) })

    it("lets through what programs do", () => {
      for (const number of [calls.read, calls.openat, calls.execve]) assert.strictEqual(call(number), "allowed")
      // a thread, a forked process
      for (const flags of [0x3d0f00, 0x01200011]) assert.strictEqual(call(calls.clone, flags), "allowed")
      for (const family of [1, 2, 10]) assert.strictEqual(call(calls.socket, family), "allowed")
    })

    it("refuses namespaces, whichever way, traces, and sockets that leave them", () => {
      assert.strictEqual(call(calls.unshare), EPERM)
      assert.strictEqual(call(calls.ptrace), EPERM)
      for (const bit of [17, 25, 26, 27, 28, 29, 30]) assert.strictEqual(call(calls.clone, 2 ** bit + 17), EPERM)
      assert.strictEqual(call(435), ENOSYS)
      for (const family of [0, 3, 16, 17, 38, 40, 45]) assert.strictEqual(call(calls.socket, family), EAFNOSUPPORT)
    })

    it("kills who speaks as another machine", () => {
      assert.strictEqual(decided(bytes, { number: 1, architecture: 0x40000003 }), "killed")
    })
  })
}

describe("the filter of system calls", () => {
  it("knows the other numbers of x64", () => {
    const architecture = machines.x64.architecture
    assert.strictEqual(decided(filter("x64")!, { number: 0x40000000, architecture }), "killed")
  })

  it("is none for machines it does not know", () => assert.isUndefined(filter("s390x")))
})
