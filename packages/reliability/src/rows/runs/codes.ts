/** A task whose solver can only know the codes of things from its instructions. No question is asked twice in a run of it. */
import { Generate, Parameter, Parameters, Task, Template, Variable } from "@backprose/core"

const groups = ["apples", "bolts", "cups", "drums", "edges", "forks", "gates", "hinges"] as const

export interface Example {
  readonly thing: string
  readonly group: (typeof groups)[number]
}

const examples = (set: string, size: number): ReadonlyArray<Example> =>
  Array.from({ length: size }, (_, i) => {
    const group = groups[i % groups.length]!
    return { group, thing: `${set} ${group} ${i}` }
  })

const codeOf = (group: string): string => `code${group.length}${group[0]}`

/** With batches of 4 and two steps, 60 calls. */
export default Task.make({
  name: "codes",
  parameters: Parameters.make({ instructions: Parameter.text("Give the code.", { role: "instructions" }) }),
  forward: (p, { thing }: Example) =>
    Generate.text({
      system: p.instructions,
      prompt: Template.make`The code of: ${Variable.constant(thing, "thing")}?`,
      role: "code"
    }),
  metric: (answer, { group }) =>
    answer === codeOf(group)
      ? 1
      : { score: 0, feedback: `The answer "${answer}" is wrong: FACT ${group} is ${codeOf(group)}` },
  train: examples("training", 8),
  validation: examples("validation", 6),
  test: examples("test", 12)
})
