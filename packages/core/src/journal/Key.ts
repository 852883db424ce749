/**
 * The key of a question to a model: every field of the request, and which model is asked where. Equal questions have equal
 * keys in any process; no two different ones share one.
 */
import type { Identity } from "../model/ModelIdentity.ts"
import * as Request from "../model/Request.ts"
import { sha256 } from "../model/sha256.ts"

/** The whole question as one text, from which its key is made: whoever keeps it can tell what was asked. */
export const question = (request: Request.Request, identity: Identity | undefined): string =>
  // two JSON texts side by side: a bracket ends the first, so nothing can move from one into the other
  JSON.stringify([
    identity?.provider ?? null,
    identity?.model ?? null,
    identity?.endpoint ?? null,
    identity?.settings ?? null
  ]) + Request.key(request)

/** 64 hexadecimal digits. `identity`: of the model that is asked. */
export const of = (request: Request.Request, identity: Identity | undefined): string =>
  sha256(question(request, identity))
