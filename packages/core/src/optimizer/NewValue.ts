/**
 * A new value of one parameter, asked of the editor: read by the parameter's own schema, repaired once, or a failure that
 * names the parameter.
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Patch from "../candidate/Patch.ts"
import * as Variable from "../graph/Variable.ts"
import { within } from "../model/Place.ts"
import type { Sampling } from "../model/Request.ts"
import type { Service } from "../model/Service.ts"
import type { TextModelError } from "../model/TextModelError.ts"
import type * as Parameters from "../parameter/Parameters.ts"
import * as Prompt from "../prompts/Prompt.ts"
import * as ProposedText from "../reply/ProposedText.ts"
import * as Reply from "../reply/Reply.ts"
import { OptimizerError, type Proposal, type ProposalRequest } from "./Optimizer.ts"

export interface NewValue {
  readonly name: string
  readonly value: unknown
  /** What was changed, in a sentence. */
  readonly changed: string
}

export interface Options {
  readonly entry: Parameters.Entry
  readonly request: Pick<ProposalRequest, "sample">
  readonly prompt: Prompt.Prompt
  readonly sampling: Sampling
  /** Whether a text is asked for as edits of the one that stands there, which fit it or are refused. */
  readonly asEdits?: boolean
  /** Why a value is refused that would otherwise do, in words that a repair can follow. */
  readonly refuse?: (value: unknown) => string | undefined
}

/** A text as it is; any other value as the JSON that a new one is asked for in. */
export const shown = ({ origin }: Parameters.Entry, value: unknown): string => {
  if (typeof value === "string") return value
  const json = Schema.encodeUnknownResult(Schema.toCodecJson(origin.schema))(value)
  return Variable.render(Result.isSuccess(json) ? json.success : value)
}

/** Whether a parameter is a text, so that a worked case with a text fits it. */
export const isText = ({ variable }: Parameters.Entry): boolean => typeof variable.value === "string"

/** Why a value is refused for what it holds, beside the value it had and the prompt that asked for it. */
export const problem = (entry: Parameters.Entry, value: unknown, prompt: Prompt.Prompt): string | undefined =>
  ProposedText.problem(value, {
    before: shown(entry, entry.variable.value),
    prompt: prompt.user,
    example: prompt.example?.reply
  })

/** New values as a proposal. */
export const proposal = (values: ReadonlyArray<NewValue>): Proposal => ({
  values: new Map(values.map(({ name, value }) => [name, value])),
  reasons: new Map(values.map(({ changed, name }) => [name, changed]))
})

/**
 * How one of several proposals is drawn where nobody says how: those after the first at the temperature that most providers
 * take by themselves, as a greedy model would write the same text again. Some models refuse any other.
 */
export const samplingOf = ({ sample }: Pick<ProposalRequest, "sample">, sampling: Sampling): Sampling =>
  sample > 0 ? { temperature: 1, ...sampling } : sampling

/** Asks for it. Parameters asked about at once may be equal, so each call has the place of its parameter. */
export const ask = (
  model: Service,
  { asEdits = false, entry, prompt, refuse, request, sampling }: Options
): Effect.Effect<NewValue, OptimizerError> => {
  const { name, origin } = entry
  const question = {
    purpose: "optimizer",
    sample: request.sample,
    sampling: samplingOf(request, sampling),
    messages: Prompt.messages(prompt)
  } as const
  const refused = (value: unknown) => problem(entry, value, prompt) ?? refuse?.(value)
  const text = entry.variable.value
  const asked: Effect.Effect<Edit, TextModelError> =
    asEdits && typeof text === "string"
      ? Effect.map(
          Reply.shaped(model, question, {
            schema: Patched,
            name: "edits",
            refuse: ({ edits }) =>
              Result.match(edited(text, edits, origin.schema), { onSuccess: refused, onFailure: said })
          }),
          ({ changed, edits }) => ({ value: Result.getOrThrow(edited(text, edits, origin.schema)), changed })
        )
      : Reply.shaped(model, question, {
          schema: editOf(origin.schema),
          name: "edit",
          refuse: ({ value }) => refused(value),
          ...(isText(entry) ? { ofText: (text: string) => ({ value: text, changed: "" }) } : {})
        })
  return asked.pipe(
    Effect.map(({ changed, value }) => ({ name, value, changed })),
    Effect.mapError((reason) => new OptimizerError({ parameter: name, reason })),
    within(name)
  )
}

type Edit = Omit<NewValue, "name">

const Patched = Schema.Struct({ edits: Patch.Patch, changed: Schema.String })

/** The text with the edits made, if they fit it and it fits the parameter. */
const edited = (text: string, edits: Patch.Patch, schema: Schema.Codec<unknown, unknown>) =>
  Result.flatMap(Patch.apply(text, edits), (value) => Schema.decodeUnknownResult(Schema.toCodecJson(schema))(value))

const said = ({ message }: { readonly message: string }): string => message

const edits = new WeakMap<object, Schema.Codec<Edit, unknown>>()

/** The reply for a parameter of this schema: the new value, then what was changed. */
const editOf = (schema: Schema.Codec<unknown, unknown>): Schema.Codec<Edit, unknown> => {
  const known = edits.get(schema)
  if (known !== undefined) return known
  const made = Schema.Struct({ value: schema, changed: Schema.String })
  edits.set(schema, made)
  return made
}
