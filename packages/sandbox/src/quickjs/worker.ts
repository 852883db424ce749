/** The thread that QuickJS runs in: one program after the other, each in a machine that was made for it. */
import { parentPort } from "node:worker_threads"
import type { Order, Reply } from "./Message.ts"
import * as machine from "./machine.ts"

const port = parentPort!
const tell = (reply: Reply) => port.postMessage(reply)

const failed = (cause: unknown): Reply => {
  tell({ _tag: "Wrote", to: "stderr", text: `${cause}\n` })
  return { _tag: "Exited", code: 1 }
}

// nothing of the last program is left when the next one comes, and the next one need not wait
const serve = (): Promise<void> =>
  machine.make().then((fresh) => {
    port.once("message", (order: Order) => {
      void Promise.resolve(order)
        // what is thrown here: types that cannot be taken out, a stack that is too deep for WebAssembly
        .then((order) => machine.run(fresh, order, tell))
        .catch(failed)
        .then(tell)
        .then(serve)
    })
    tell({ _tag: "Ready" })
  })

void serve()
