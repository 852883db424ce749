/** The thread that QuickJS runs in: one program after the other, each in a machine of its own. */
import { parentPort } from "node:worker_threads"
import type { Order, Reply } from "./Message.ts"
import * as machine from "./machine.ts"

const port = parentPort!
const tell = (reply: Reply) => port.postMessage(reply)

const failed = (cause: unknown): Reply => {
  tell({ _tag: "Wrote", to: "stderr", text: `${cause}\n` })
  return { _tag: "Exited", code: 1 }
}

const run = (order: Order): Promise<Reply> =>
  machine
    .make(order.memoryBytes)
    .then((fresh) => machine.run(fresh, order, tell))
    // what is thrown here: types that cannot be taken out, a stack that is too deep for WebAssembly
    .catch(failed)

port.on("message", (order: Order) => void run(order).then(tell).then(ready))

const ready = () => tell({ _tag: "Ready" })
void machine.compiled.then(ready)
