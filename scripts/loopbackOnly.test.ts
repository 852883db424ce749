import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { connect } from "node:net"
import { assert, describe, it } from "vitest"

const attempt = (host: string, port: number) =>
  new Promise<string>((resolve) => {
    const socket = connect({ host, port })
    socket.on("connect", () => resolve("connected"))
    socket.on("error", (error) => resolve(error.message))
    socket.on("close", () => socket.destroy())
  })

describe("a test", () => {
  it("reaches a server on this machine", async () => {
    const server = createServer((_, response) => response.end("here"))
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening))
    const { port } = server.address() as AddressInfo
    assert.strictEqual(await (await fetch(`http://127.0.0.1:${port}`)).text(), "here")
    server.closeAllConnections()
    await new Promise((closed) => server.close(closed))
  })

  it("cannot reach any other, by socket or by fetch", async () => {
    assert.match(await attempt("192.0.2.1", 80), /no network, and this one connects to 192\.0\.2\.1/)
    const cause = await fetch("http://example.invalid").catch((error: Error) => (error.cause as Error).message)
    assert.match(String(cause), /no network, and this one connects to example\.invalid/)
  })
})
