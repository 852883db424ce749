/**
 * A `fetch` that stops reading a reply at a number of bytes: a provider gone wrong cannot fill the memory.
 */
import * as Data from "effect/Data"

/** The reply is bigger than the client's limit, in bytes after decompression. */
export class ReplyTooLarge extends Data.TaggedError("ReplyTooLarge")<{ readonly limit: number }> {
  override get message(): string {
    return `the reply is larger than ${this.limit} bytes`
  }
}

const counted = (body: ReadableStream<Uint8Array>, limit: number): ReadableStream<Uint8Array> => {
  let left = limit
  return body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        left -= chunk.byteLength
        if (left >= 0) controller.enqueue(chunk)
        else controller.error(new ReplyTooLarge({ limit }))
      }
    })
  )
}

// a length that is announced and not of compressed bytes is kept to by the transport: nothing to count
const announced = (headers: Headers): number | undefined => {
  const length = headers.get("content-length")
  return length === null || headers.has("content-encoding") ? undefined : Number(length)
}

const limited = (response: Response, limit: number): Response | Promise<Response> => {
  if (response.body === null) return response
  const length = announced(response.headers)
  if (length !== undefined && length <= limit) return response
  if (length !== undefined && length > limit) {
    return response.body.cancel().then(() => Promise.reject(new ReplyTooLarge({ limit })))
  }
  const { headers, status, statusText } = response
  return new Response(counted(response.body, limit), { headers, status, statusText })
}

/** A `fetch`, the global one unless given, its replies cut off with `ReplyTooLarge` after `limit` bytes. */
export const fetchUpTo =
  (limit: number, own?: typeof fetch | undefined): typeof fetch =>
  (input, init) =>
    (own ?? fetch)(input, init).then((response) => limited(response, limit))

/** The limit that was hit, wherever the SDK has wrapped it. */
export const find = (error: unknown): ReplyTooLarge | undefined => {
  if (error instanceof ReplyTooLarge) return error
  return error instanceof Error && error.cause !== undefined ? find(error.cause) : undefined
}
