import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import * as FirstModel from "./FirstModel.ts"

/** A server that sends headers and the beginning of a list, and then nothing more. */
const stalling = Effect.acquireRelease(
  Effect.callback<{ readonly url: string; readonly close: () => void }>((resume) => {
    const server = createServer((_, response) => {
      response.writeHead(200, { "content-type": "application/json" })
      response.write('{"data":[')
    })
    server.listen(0, "127.0.0.1", () =>
      resume(
        Effect.succeed({
          url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1?key=secret`,
          close: () => {
            server.closeAllConnections()
            server.close()
          }
        })
      )
    )
  }),
  ({ close }) => Effect.sync(close)
)

describe("the list of a server's models", () => {
  it.effect("is given up after ten seconds, also where the body never ends", () =>
    Effect.gen(function* () {
      const { url } = yield* stalling
      const asked = yield* Effect.forkChild(Effect.flip(FirstModel.list(url, undefined)))
      // until the headers are there, in real time
      yield* Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 300)))
      yield* TestClock.adjust("10 seconds")
      const error = yield* Fiber.join(asked)
      assert.strictEqual(error._tag, "ProviderUnavailable")
      assert.match(error.message, /\/v1\/models: no answer within 10 s/)
      assert.notInclude(error.message, "secret")
    }).pipe(Effect.scoped)
  )
})
