/**
 * One bench in a process of its own: its figures go to the process that asked.
 */
import * as Effect from "effect/Effect"
import type { Size } from "./Bench.ts"
import { benches } from "./benches.ts"
import { endWithParent, say } from "./process/say.ts"

const [name, size] = process.argv.slice(2)
const bench = benches.find((one) => one.name === name)

endWithParent()
// the channel to the parent would keep a process alive that has nothing to do
if (bench === undefined) process.exit(2)
await say(await Effect.runPromise(Effect.scoped(bench.run(size as Size))))
process.exit()
