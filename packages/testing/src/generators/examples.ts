import { type Blueprint, roots, type Step } from "./Blueprint.ts"

/** Several examples of one program: the leaves are shared, as parameters are in a batch; all else stands once each. */
export const examples = (
  self: Blueprint,
  count: number
): { readonly blueprint: Blueprint; readonly parts: ReadonlyArray<ReadonlyArray<number>> } => {
  const isLeaf = ({ kind }: Step) => kind === "parameter" || kind === "constant"
  const steps: Array<Step> = []
  const leaves = self.steps.map((step) => (isLeaf(step) ? steps.push(step) - 1 : -1))
  const parts = Array.from({ length: count }, () => {
    const at: Array<number> = []
    self.steps.forEach((step, i) => {
      at.push(isLeaf(step) ? leaves[i]! : steps.push({ ...step, inputs: step.inputs.map((input) => at[input]!) }) - 1)
    })
    return roots(self)
      .filter((root) => !isLeaf(self.steps[root]!))
      .map((root) => at[root]!)
  })
  return { blueprint: { steps, roots: parts.flat() }, parts }
}
