/**
 * Watches what a program does to its surroundings: every call that opens a file, starts a process, connects, or ends the
 * program is noted, and does nothing.
 */
import childProcess from "node:child_process"
import dns from "node:dns"
import fs from "node:fs"
import http from "node:http"
import https from "node:https"
import { syncBuiltinESMExports } from "node:module"
import net from "node:net"
import workers from "node:worker_threads"

type Surface = { [name: string]: unknown }

const surfaces: ReadonlyArray<readonly [string, object, RegExp]> = [
  ["fs", fs, /^(?!constants|promises|realpath)[a-z]/],
  ["fs/promises", fs.promises, /^(?!constants)[a-z]/],
  ["child_process", childProcess, /^[a-z]/],
  ["net", net, /^(connect|createConnection|createServer)$/],
  ["http", http, /^(request|get|createServer)$/],
  ["https", https, /^(request|get)$/],
  ["dns", dns, /^(lookup|resolve)/],
  ["worker_threads", workers, /^Worker$/],
  ["process", process, /^(exit|abort|kill|chdir|dlopen|setuid|setgid)$/],
  ["globalThis", globalThis, /^(fetch|WebSocket|EventSource)$/]
]

/** What was attempted so far. */
export const attempts: Array<string> = []

/** From now on, none of it works, and all of it is noted. */
export const begin = (): void => {
  for (const [module, surface, wanted] of surfaces) {
    for (const name of Object.keys(Object.getOwnPropertyDescriptors(surface))) {
      if (!wanted.test(name) || typeof (surface as Surface)[name] !== "function") continue
      Object.defineProperty(surface, name, {
        configurable: true,
        writable: true,
        value: (...args: ReadonlyArray<unknown>) => {
          attempts.push(`${module}.${name}(${String(args[0]).slice(0, 80)})`)
        }
      })
    }
  }
  syncBuiltinESMExports()
}
