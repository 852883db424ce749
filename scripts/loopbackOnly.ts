/** Set up before every test file: a connection to anywhere but this machine fails at once, and says so. */
import { Socket } from "node:net"

const loopback = /^(localhost|127(\.\d+){3}|::1|::ffff:127(\.\d+){3}|0\.0\.0\.0|::)$/

/** The host among the forms of arguments that `Socket.connect` takes; a path or a port alone stays on this machine. */
const hostOf = (args: ReadonlyArray<unknown>): string | undefined => {
  const [first, second] = Array.isArray(args[0]) ? (args[0] as ReadonlyArray<unknown>) : args
  const host = typeof first === "object" && first !== null ? (first as { host?: unknown }).host : second
  return typeof host === "string" ? host : undefined
}

const marked = Symbol.for("@backprose/loopbackOnly")
const prototype = Socket.prototype as unknown as {
  connect: (...args: ReadonlyArray<unknown>) => Socket
  [marked]?: true
}

// Test files share a worker, and one wrapping is enough.
if (prototype[marked] !== true) {
  const connect = prototype.connect
  prototype[marked] = true
  prototype.connect = function (this: Socket, ...args) {
    const host = hostOf(args)
    if (host === undefined || loopback.test(host)) return connect.apply(this, args as [])
    const refusal = Object.assign(new Error(`Tests use no network, and this one connects to ${host}`), {
      code: "ECONNREFUSED"
    })
    process.nextTick(() => this.destroy(refusal))
    return this
  }
}
