/** D4: crashes at any moment, and again while the run is resumed: power cuts that lose or reorder unsynced writes, and some kills. */
import { FaultDisk } from "@backprose/testing"
import * as Effect from "effect/Effect"
import type { Row } from "../../Row.ts"
import * as Dice from "./Dice.ts"
import * as Optimisation from "./Optimisation.ts"
import * as Resuming from "./Resuming.ts"

const seeds = 500

const measure = Effect.gen(function* () {
  const wanted = yield* Resuming.undisturbed
  const details: Array<string> = []
  let good = 0
  let crashes = 0
  let damaged = 0
  for (let seed = 0; seed < seeds; seed++) {
    const dice = Dice.make(seed)
    const sessions: Array<Optimisation.Session> = []
    const crash = (within: number): FaultDisk.Options => {
      const at = 1 + dice.below(within)
      const when = (["before", "during", "after"] as const)[dice.below(3)]
      return { crash: ({ number }) => (number === at ? when : undefined) }
    }
    let disk = FaultDisk.make(crash(wanted.operations.length))
    for (let life = 1 + dice.below(3); life > 0; life--) {
      const session = yield* Optimisation.run(disk)
      sessions.push(session)
      if (session.end === "crashed") crashes++
      const next = life === 1 ? {} : crash(wanted.operations.length)
      // the power may also go when the process has been killed and another one relies on what it left
      disk = dice.below(4) === 0 ? disk.afterKill(next) : disk.afterPowerCut(dice.below(2 ** 31), next)
    }
    const found = yield* Resuming.goOn(wanted, sessions, disk)
    damaged += found.warnings
    if (found.problems.length === 0) good++
    else details.push(`seed ${seed}: ${found.problems.join("; ")}`)
  }
  return {
    figure: `${good}/${seeds}`,
    held: good === seeds,
    details: [...details.slice(0, 20), `${crashes} crashes; ${damaged} left more behind than an unfinished line`]
  }
})

export const powerCuts: Row = {
  id: "D4",
  title: `up to 3 crashes a run, unsynced writes lost or reordered, ${seeds} seeds`,
  wanted: `${seeds}/${seeds}: same end, no used reply asked again`,
  speed: "fast",
  measure
}
