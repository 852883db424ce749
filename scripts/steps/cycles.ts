/** No file imports itself by a detour, also not for a type alone. */
import { isTest } from "../files.ts"
import { packageImports, target } from "../imports.ts"
import type { Step } from "../Step.ts"

type Edges = ReadonlyMap<string, ReadonlySet<string>>

/** The shortest way from a file back to itself, if there is one. */
const shortestCycle = (edges: Edges, start: string): ReadonlyArray<string> | undefined => {
  const cameFrom = new Map<string, string>()
  const queue = [start]
  for (const file of queue) {
    for (const next of edges.get(file) ?? []) {
      if (next === start) {
        const path = [file]
        while (path[0] !== start) path.unshift(cameFrom.get(path[0] as string) as string)
        return path
      }
      if (cameFrom.has(next)) continue
      cameFrom.set(next, file)
      queue.push(next)
    }
  }
  return undefined
}

/** One cycle a file that no cycle before it named. */
export const cyclesOf = (edges: Edges): ReadonlyArray<ReadonlyArray<string>> => {
  const named = new Set<string>()
  const cycles: Array<ReadonlyArray<string>> = []
  for (const file of edges.keys()) {
    const cycle = named.has(file) ? undefined : shortestCycle(edges, file)
    if (cycle === undefined) continue
    for (const member of cycle) named.add(member)
    cycles.push(cycle)
  }
  return cycles
}

export const cycles: Step = {
  name: "cycles",
  about: "no circular imports, of types neither",
  always: true,
  run: async (root) => {
    const edges = new Map<string, Set<string>>()
    for (const one of packageImports(root)) {
      const to = target(one)
      if (to === undefined || isTest(one.from)) continue
      edges.set(one.from, (edges.get(one.from) ?? new Set()).add(to))
    }
    const findings = cyclesOf(edges).map((cycle) => ({
      file: cycle[0] as string,
      message: `imports itself: ${[...cycle, cycle[0]].map((file) => file?.replace(/^packages\//, "")).join(" -> ")}`
    }))
    return { findings, note: `${edges.size} files` }
  }
}
