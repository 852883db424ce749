/** Runs a program of this repository and keeps what it said. */
import { spawn } from "node:child_process"
import { join } from "node:path"

export interface Ended {
  /** 124 when it was stopped for taking too long. */
  readonly code: number
  readonly output: string
}

export const command = (
  program: string,
  args: ReadonlyArray<string>,
  options: { readonly cwd: string; readonly timeoutMs?: number }
): Promise<Ended> =>
  new Promise((resolve) => {
    // Colour codes would stand in the way of reading file:line out of it.
    const env = { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0" }
    const child = spawn(program, args, { cwd: options.cwd, env, stdio: ["ignore", "pipe", "pipe"] })
    const chunks: Array<Buffer> = []
    let late = false
    const timer = setTimeout(() => {
      late = true
      child.kill("SIGKILL")
    }, options.timeoutMs ?? 300_000)
    const end = (code: number, problem = ""): void => {
      clearTimeout(timer)
      resolve({ code: late ? 124 : code, output: Buffer.concat(chunks).toString("utf8") + problem })
    }
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk))
    child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk))
    child.on("error", (error) => end(127, String(error)))
    child.on("close", (code) => end(code ?? 1))
  })

/** A tool installed in the repository that holds these scripts, run by the Node that runs them. */
export const tool = (name: string, args: ReadonlyArray<string>, cwd: string): Promise<Ended> =>
  command(process.execPath, [join(import.meta.dirname, "../node_modules/.bin", name), ...args], { cwd })
