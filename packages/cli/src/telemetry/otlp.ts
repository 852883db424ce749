/**
 * Spans, metrics and logs to an OpenTelemetry collector, as the `OTEL_*` variables say. The only file that knows Effect's
 * exporters; loaded only where there is a collector.
 */
import { Secrets } from "@backprose/core"
import * as Config from "effect/Config"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Otlp from "effect/observability/Otlp"
import * as OtlpSerialization from "effect/observability/OtlpSerialization"
import { version } from "../version.ts"

/** What the conventions say where a variable is not set; Effect's exporters take these for switched off. */
const defaults = {
  OTEL_TRACES_EXPORTER: "otlp",
  OTEL_METRICS_EXPORTER: "otlp",
  OTEL_LOGS_EXPORTER: "otlp",
  OTEL_SERVICE_VERSION: version
}

const text = (name: string) => Config.withDefault(Config.String(name), "")

/** Nothing leaves with a secret in it, wherever in a span it stood. */
const serialization = Layer.effect(
  OtlpSerialization.OtlpSerialization,
  Effect.gen(function* () {
    const { traces, metrics, logs } = yield* OtlpSerialization.OtlpSerialization
    const { maskAll } = yield* Secrets.Known
    return {
      traces: (data) => traces(maskAll(data)),
      metrics: (data) => metrics(maskAll(data)),
      logs: (data) => logs(maskAll(data))
    }
  })
)

/** The exporters; a defect where a variable makes no sense. */
export const layer = Layer.unwrap(
  Effect.gen(function* () {
    const attributes = yield* text("OTEL_RESOURCE_ATTRIBUTES")
    const protocol = yield* text("OTEL_EXPORTER_OTLP_PROTOCOL")
    const named = /(^|,)\s*service\.name=/.test(attributes) ? {} : { OTEL_SERVICE_NAME: "backprose" }
    return Otlp.layerFromConfig({ loggerMergeWithExisting: true }).pipe(
      Layer.provide(serialization),
      Layer.provide(protocol === "http/json" ? OtlpSerialization.layerJson : OtlpSerialization.layerProtobuf),
      Layer.provide(FetchHttpClient.layer),
      Layer.provide(ConfigProvider.layerAdd(ConfigProvider.fromUnknown({ ...defaults, ...named })))
    )
  }).pipe(Effect.orDie)
)
