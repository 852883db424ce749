/**
 * D2: the machine stops at a named point, in the first session, and at the same point again in the one that resumes. What
 * is written survives (the process was killed), or only what was synced (the power went).
 */
import { FaultDisk } from "@backprose/testing"
import * as Effect from "effect/Effect"
import type { Row } from "../../Row.ts"
import * as Optimisation from "./Optimisation.ts"
import * as Resuming from "./Resuming.ts"

/** Where to stop, the how-manieth time it comes there. */
interface Point {
  readonly name: string
  /** How often an undisturbed run comes there. */
  readonly times: (wanted: Resuming.Undisturbed) => number
  /** Of a session that runs on `disk`: by what it does to it, or by what is between the program and the provider. */
  readonly onDisk?: (operation: FaultDisk.Operation) => FaultDisk.Crash | undefined
  readonly moment?: Parameters<Optimisation.Between>[1]
}

const isMark = (operation: FaultDisk.Operation) =>
  operation.bytes !== undefined && new TextDecoder().decode(operation.bytes).includes('"_tag":"Marked"')
const count = (matches: (operation: FaultDisk.Operation) => boolean) => (wanted: Resuming.Undisturbed) =>
  wanted.operations.filter(matches).length
const at = (
  method: string,
  crash: FaultDisk.Crash,
  isWanted: (operation: FaultDisk.Operation) => boolean = () => true
) => {
  const matches = (operation: FaultDisk.Operation) =>
    operation.path === Optimisation.path && operation.method === method && isWanted(operation)
  return {
    times: count(matches),
    onDisk: (operation: FaultDisk.Operation) => (matches(operation) ? crash : undefined)
  }
}

const points: ReadonlyArray<Point> = [
  { name: "before a request is sent", moment: "before it is sent", times: ({ asked }) => asked.length },
  { name: "after a reply, before it is written", moment: "after its reply", times: ({ asked }) => asked.length },
  { name: "in the middle of a write", ...at("write", "during") },
  { name: "after a write, before its fsync", ...at("sync", "before") },
  { name: "after an fsync", ...at("sync", "after") },
  { name: "before a step is committed", ...at("write", "before", isMark) },
  { name: "in the middle of committing a step", ...at("write", "during", isMark) }
]

const survivals = {
  killed: (disk: FaultDisk.FaultDisk, options: FaultDisk.Options) => disk.afterKill(options),
  "power cut": (disk: FaultDisk.FaultDisk, options: FaultDisk.Options) => disk.afterPowerCut(undefined, options)
}

/** A session that stops the how-manieth time it comes to the point. */
const stopped = Effect.fnUntraced(function* (
  point: Point,
  time: number,
  make: (options: FaultDisk.Options) => FaultDisk.FaultDisk
) {
  let passed = 0
  const disk = make({
    crash: (operation) => {
      const crash = point.onDisk?.(operation)
      return crash !== undefined && ++passed === time ? crash : undefined
    }
  })
  const between: Optimisation.Between = (_, moment) =>
    Effect.suspend(() => (moment === point.moment && ++passed === time ? disk.crash : Effect.void))
  return { disk, session: yield* Optimisation.run(disk, { between }) }
})

const measure = Effect.gen(function* () {
  const wanted = yield* Resuming.undisturbed
  const details: Array<string> = []
  const extras: Array<string> = []
  let runs = 0
  let good = 0
  for (const point of points) {
    const times = point.times(wanted)
    let [extra, inFlight] = [0, 0]
    for (let time = 1; time <= times; time++) {
      for (const [survival, after] of Object.entries(survivals)) {
        for (const twice of [false, true]) {
          const first = yield* stopped(point, time, FaultDisk.make)
          const second = twice
            ? yield* stopped(point, Math.max(1, time >> 1), (options) => after(first.disk, options))
            : first
          const sessions = twice ? [first.session, second.session] : [first.session]
          const found = yield* Resuming.goOn(wanted, sessions, after(second.disk, {}))
          const problems = [...found.problems]
          if (first.session.end !== "crashed") problems.push("it did not come to the point")
          runs++
          extra += found.extra
          inFlight += found.inFlight
          if (problems.length === 0) good++
          else details.push(`${point.name} ${time}, ${survival}${twice ? ", twice" : ""}: ${problems.join("; ")}`)
        }
      }
    }
    extras.push(`${point.name}: ${times * 4} runs, ${extra} requests more, ${inFlight} were in flight`)
  }
  return {
    figure: `${good}/${runs}`,
    held: good === runs && runs > 0,
    details: [...details, ...extras, "there is no compaction, so no point in it"]
  }
})

export const crashPoints: Row = {
  id: "D2",
  title: "crash at each named point, every time it is reached, once and again on resume; killed, and power cut",
  wanted: "all: same end, no used reply asked again, extra requests <= in flight",
  speed: "fast",
  measure
}
