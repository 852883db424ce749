/** Flags that a run would make no use of: whoever gives one is told, before anything is paid for. */
import * as effort from "./effort.ts"
import * as objectives from "./objectives.ts"
import * as selectors from "./selectors.ts"

/** What of the command line is not for every run. */
export interface Given extends effort.Given {
  readonly accept?: selectors.Accept | undefined
  readonly objective?: Parameters<typeof objectives.render>[0] | undefined
  readonly samples?: number | undefined
  readonly temperature?: number | undefined
  readonly race?: number | undefined
  readonly parameters?: string | undefined
  readonly errorsOnly?: boolean | undefined
}

/** What decides whether it is for this one. */
export interface Of {
  readonly selector: selectors.Name
  readonly readsCriticism: boolean
}

/** Why the first such flag is of no use, in one line, with what it is for; `undefined` where all are used. */
export const unused = (given: Given, { readsCriticism, selector }: Of): string | undefined => {
  const { accept, errorsOnly, objective, parameters, parents = 1, race = 1, samples = 1, screen, temperature } = given
  const flags: ReadonlyArray<readonly [flag: string | undefined, uses: (name: selectors.Name) => boolean]> = [
    [accept && `--accept ${accept}`, selectors.hasRule],
    [objective && `--objective ${objectives.render(objective)}`, selectors.evaluates],
    [samples === 1 ? undefined : `--samples ${samples}`, selectors.evaluates],
    [temperature === undefined ? undefined : `--temperature ${temperature}`, selectors.evaluates],
    [race === 1 ? undefined : `--race ${race}`, selectors.evaluates],
    [parents === 1 ? undefined : `--parents ${parents}`, selectors.keepsSeveral]
  ]
  const found = flags.find(([flag, uses]) => flag !== undefined && !uses(selector))
  if (found !== undefined) {
    const [flag, uses] = found
    return `${flag}: --selector ${selector} makes no use of it; it is for ${selectors.names.filter(uses).join(", ")}`
  }
  const ofCritic =
    errorsOnly === true ? "--errors-only" : parameters === "most-blamed" ? "--parameters most-blamed" : ""
  if (ofCritic !== "" && !readsCriticism) {
    return `${ofCritic}: --optimizer ${given.optimizer} makes no use of it; it is for those that read criticism, as tgd does`
  }
  const wide = effort.width(selector, given)
  return screen !== undefined && screen > 0 && wide.screen === 0
    ? `--screen ${screen}: a step has no more than ${wide.parents * wide.proposals} new prompts; give more --proposals`
    : undefined
}
