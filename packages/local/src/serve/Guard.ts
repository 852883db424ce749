/**
 * Who may talk to a server on the loopback. A page in a browser can reach it too: under a foreign name that resolves to
 * this machine (DNS rebinding), or by a plain form post. Both are told apart by the headers that a browser sets.
 */
import type { IncomingMessage } from "node:http"

const loopback = ["127.0.0.1", "localhost", "::1", "[::1]"]

const hostname = (value: string): string | undefined => {
  const url = URL.canParse(`http://${value}`) ? new URL(`http://${value}`) : undefined
  return url?.hostname
}

/** Why the request is refused, or undefined when it may pass. `host`: the address the server listens at. */
export const refuse = (request: IncomingMessage, host: string): string | undefined => {
  const allowed = (name: string | undefined) => name !== undefined && [...loopback, host].includes(name)
  const { host: asked, origin } = request.headers
  // listening at every address, any name may be a right one
  const open = host === "0.0.0.0" || host === "::"
  if (!open && !allowed(hostname(asked ?? ""))) return "the Host header names another machine"
  if (origin !== undefined && !allowed(hostname(origin.replace(/^https?:\/\//, ""))))
    return "pages of other origins may not use this server"
  return undefined
}
