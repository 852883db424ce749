/** Flags that a run would make no use of: whoever gives one is told, before anything is paid for. */
import * as objectives from "./objectives.ts"
import * as selectors from "./selectors.ts"

/** What of the command line is for some selectors only. */
export interface Given {
  readonly accept?: selectors.Accept | undefined
  readonly objective?: Parameters<typeof objectives.render>[0] | undefined
  readonly parents?: number | undefined
  readonly samples?: number | undefined
  readonly temperature?: number | undefined
}

/** Why the first such flag is of no use, in one line, with whom it is for; `undefined` where all are used. */
export const unused = (selector: selectors.Name, given: Given): string | undefined => {
  const { accept, objective, parents = 1, samples = 1, temperature } = given
  const flags: ReadonlyArray<readonly [flag: string | undefined, uses: (name: selectors.Name) => boolean]> = [
    [accept && `--accept ${accept}`, selectors.hasRule],
    [objective && `--objective ${objectives.render(objective)}`, selectors.evaluates],
    [samples === 1 ? undefined : `--samples ${samples}`, selectors.evaluates],
    [temperature === undefined ? undefined : `--temperature ${temperature}`, selectors.evaluates],
    [parents === 1 ? undefined : `--parents ${parents}`, selectors.keepsSeveral]
  ]
  const found = flags.find(([flag, uses]) => flag !== undefined && !uses(selector))
  if (found === undefined) return undefined
  const [flag, uses] = found
  return `${flag}: --selector ${selector} makes no use of it; it is for ${selectors.names.filter(uses).join(", ")}`
}
