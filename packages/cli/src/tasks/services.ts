/** All that a task may ask for: the models in their roles, and a jail for programs, looked for when the first one is run. */
import { Jail } from "@backprose/sandbox"
import * as Layer from "effect/Layer"
import type { Choice } from "../models/Choice.ts"
import * as models from "../models/layer.ts"

export const of = (choice: Choice, policies: models.Policies) => Layer.merge(models.of(choice, policies), Jail.layer())
