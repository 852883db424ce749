/**
 * Chance for pauses that takes nothing from the program's own: how often a provider failed must not change what a seed
 * draws later. Calls that failed together come back apart, and under a clock that is set, at the same times again.
 */
import * as Request from "../model/Request.ts"
import { sha256 } from "../model/sha256.ts"

/** A number from 0 up to 1, of the request, of how often it has failed, and of the time. */
export const jitter = (request: Request.Request, failures: number, now: number): number =>
  Number.parseInt(sha256(`${now} ${failures} ${Request.key(request)}`).slice(0, 8), 16) / 2 ** 32
