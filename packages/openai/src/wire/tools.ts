/**
 * Tools of a request and the arguments a model calls them with.
 */
import * as AiError from "effect/ai/AiError"
import * as Tool from "effect/ai/Tool"
import * as Effect from "effect/Effect"

/** A tool as both APIs describe it. */
export interface ToolSpec {
  readonly name: string
  readonly description: string | undefined
  readonly parameters: Record<string, unknown>
  readonly strict: boolean
}

const known = new WeakMap<Tool.Any, ToolSpec>()

const make = (tool: Tool.Any): ToolSpec => ({
  name: tool.name,
  description: Tool.getDescription(tool),
  parameters: Tool.getJsonSchema(tool) as Record<string, unknown>,
  // strict mode wants every property required, which only the tool's author can promise
  strict: Tool.getStrictMode(tool) ?? false
})

/** The description of a tool, built once. A tool that only some other provider runs is refused. */
export const spec = (module: string, tool: Tool.Any): Effect.Effect<ToolSpec, AiError.AiError> => {
  const fail = (description: string) =>
    AiError.make({
      module,
      method: "tools",
      reason: new AiError.ToolConfigurationError({ toolName: tool.name, description })
    })
  if (Tool.isProviderDefined(tool)) return Effect.fail(fail("tools that a provider runs are not supported here"))
  const found = known.get(tool)
  if (found !== undefined) return Effect.succeed(found)
  return Effect.try({
    try: () => {
      const made = make(tool)
      known.set(tool, made)
      return made
    },
    catch: (cause) => fail(cause instanceof Error ? cause.message : String(cause))
  })
}

/** The arguments of a call: JSON text, or the object that some servers send; no text at all is no arguments. */
export const params = (module: string, toolName: string, args: unknown): Effect.Effect<unknown, AiError.AiError> =>
  typeof args === "object" && args !== null
    ? Effect.succeed(args)
    : Effect.try({
        try: () => Tool.unsafeSecureJsonParse(typeof args === "string" && args.trim() !== "" ? args : "{}"),
        catch: () =>
          AiError.make({
            module,
            method: "tools",
            reason: new AiError.ToolParameterValidationError({ toolName, description: "the arguments are not JSON" })
          })
      })

/** What a tool returned, as text for the model. */
export const resultText = (result: unknown): string =>
  typeof result === "string" ? result : (JSON.stringify(result) ?? "null")
