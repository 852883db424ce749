/** Our own lint rules, as a plugin of oxlint: what Effect code must not do and no ready rule knows. */
import { noAsyncFunction } from "./noAsyncFunction.ts"
import { noFloatingEffect } from "./noFloatingEffect.ts"
import { noNewDate } from "./noNewDate.ts"
import { noThrow } from "./noThrow.ts"
import { noTryInGenerator } from "./noTryInGenerator.ts"

export default {
  meta: { name: "backprose" },
  rules: {
    "no-async-function": noAsyncFunction,
    "no-floating-effect": noFloatingEffect,
    "no-new-date": noNewDate,
    "no-throw": noThrow,
    "no-try-in-generator": noTryInGenerator
  }
}
