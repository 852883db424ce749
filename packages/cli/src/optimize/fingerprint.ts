/**
 * What must be the same when a run is resumed, by the names that a mismatch is told in: all that decides which questions
 * are asked. How many at once, and how much may be spent, is not part of it.
 */
import { createHash } from "node:crypto"
import { Parameters } from "@backprose/core"
import * as BaseUrl from "../models/BaseUrl.ts"
import * as ModelName from "../models/ModelName.ts"
import * as objectives from "../strategy/objectives.ts"
import type { Plan } from "./Plan.ts"

export const of = ({ loaded: { task }, choice, settings }: Plan): Readonly<{ [name: string]: string }> => ({
  "the task": task.name,
  "its parameters": digest(
    Parameters.entries(task.parameters).map(({ name, variable, origin }) => [
      name,
      variable.value,
      variable.role,
      origin.constraints
    ])
  ),
  "its training examples": digest(task.train),
  "its validation examples": digest(task.validation),
  "its test examples": digest(task.test),
  "the seed": `${settings.seed}`,
  "what becomes of failed examples": settings.onFailure ?? "skip",
  "the steps": `${settings.steps}`,
  "the batch size": `${settings.batchSize}`,
  "the optimizer": settings.optimizer,
  "the selector": settings.selector,
  // journals of earlier versions know nothing of these
  ...(settings.parents === undefined ? {} : { "the parents a step": `${settings.parents}` }),
  ...(settings.proposals === undefined ? {} : { "the proposals a step": `${settings.proposals}` }),
  ...(settings.minibatchGate === undefined ? {} : { "the minibatch gate": settings.minibatchGate }),
  ...(settings.screen === undefined ? {} : { "the proposals validated a step": `${settings.screen}` }),
  ...(settings.race === undefined ? {} : { "the rounds of a validation": `${settings.race}` }),
  ...(settings.parameters === undefined ? {} : { "the parameters a step": settings.parameters }),
  ...(settings.errorsOnly === undefined ? {} : { "the examples criticised": "errors only" }),
  ...(settings.copies === undefined ? {} : { "the copies of examples": settings.copies }),
  ...(settings.accept === undefined ? {} : { "what is accepted": settings.accept }),
  ...(settings.samples === undefined ? {} : { "the tries of an example": `${settings.samples}` }),
  ...(settings.temperature === undefined ? {} : { "the temperature": `${settings.temperature}` }),
  ...(settings.objectives === undefined ? {} : { "the objectives": objectives.render(settings.objectives) }),
  ...(settings.scoring === undefined ? {} : { "the scoring": settings.scoring }),
  "the forward model": ModelName.render(choice.forward),
  "the backward model": ModelName.render(choice.backward),
  "the optimizer model": ModelName.render(choice.optimizer),
  "the fallback model": choice.fallback === undefined ? "" : ModelName.render(choice.fallback),
  "the base URL": choice.baseUrl === undefined ? "" : BaseUrl.shown(choice.baseUrl)
})

/** SHA-256 of a value: examples are the user's own, and may be anything. */
const digest = (value: unknown): string =>
  createHash("sha256")
    .update(JSON.stringify(plain(value)))
    .digest("hex")

/** A value as JSON can hold it, different where the value is. Of functions nothing is known. `above`: what it is inside of. */
const plain = (value: unknown, above: ReadonlyArray<unknown> = []): unknown => {
  if (typeof value !== "object" || value === null) {
    return typeof value === "string" || typeof value === "boolean" || Number.isFinite(value) || value === null
      ? value
      : [typeof value, typeof value === "function" ? "" : String(value)]
  }
  if (above.includes(value)) return ["circular", above.indexOf(value)]
  const part = (inner: unknown) => plain(inner, [...above, value])
  if (Array.isArray(value)) return value.map(part)
  if (value instanceof Date) return ["date", String(value.getTime())]
  if (value instanceof Map || value instanceof Set) return ["entries", ...[...value].map(part)]
  if (ArrayBuffer.isView(value)) {
    return ["bytes", Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64")]
  }
  return { fields: Object.entries(value).map(([name, field]) => [name, part(field)]) }
}
