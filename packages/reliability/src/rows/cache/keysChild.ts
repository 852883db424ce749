/** The keys of the questions of a seed, each put together the other way round and sent through JSON. */
import { JournalKey } from "@backprose/core"
import * as Pairs from "./Pairs.ts"

const [seed, count] = process.argv.slice(2).map(Number)
const keys = Pairs.make(seed ?? 0, count ?? 0).map(({ one }) => {
  const { identity, request } = Pairs.reordered(JSON.parse(JSON.stringify(one)) as Pairs.Asked)
  return JournalKey.of(request, identity)
})
process.stdout.write(JSON.stringify(keys))
