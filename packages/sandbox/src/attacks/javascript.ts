/** The attacks in JavaScript, for Node and for whatever is less. Each says `started`, and `ESCAPED` where it got through. */
import type { Host } from "./Host.ts"

const text = JSON.stringify

/** Escaped where the body runs to its end. */
const trying = (body: string) => `console.log("started")
const module_ = (name) => (typeof process === "undefined" ? require(name) : process.getBuiltinModule(name))
const outer = () => globalThis.constructor.constructor("return process")()
try {
${body}
console.log("ESCAPED")
} catch (error) {
  console.log("stopped: " + error)
}
`

export const javascript = {
  network: (host: Host) => `console.log("started")
try {
  require("node:net").connect(${host.port}, "127.0.0.1")
    .on("connect", function () { console.log("ESCAPED"); this.destroy() })
    .on("error", (error) => console.log("stopped: " + error))
} catch (error) { console.log("stopped: " + error) }
`,
  environment: (host: Host) =>
    trying(`const found = outer().env[${text(host.variable)}]; if (found === undefined) throw new Error("none")`),
  file: (host: Host) => trying(`console.log(module_("node:fs").readFileSync(${text(host.file)}, "utf8"))`),
  home: (host: Host) => trying(`module_("node:fs").readdirSync(${text(host.home)})`),
  write: (host: Host) =>
    trying(`
const fs = module_("node:fs")
const wrote = [${text(`${host.folder}/escaped`)}, "/escaped", "/dev/escaped", "/usr/lib/escaped"].some((path) => {
  try { fs.writeFileSync(path, "x"); return true } catch { return false }
})
if (!wrote) throw new Error("nowhere")`),
  forks: () => `console.log("started")
try {
  const { spawn } = require("node:child_process")
  let forked = 0, failed = false
  for (let i = 0; i < 300 && !failed; i++) {
    try {
      const child = spawn("/usr/bin/sleep", ["3"], { stdio: "ignore" })
      child.on("error", () => {})
      if (child.pid === undefined) failed = true
      else forked++
    } catch { failed = true }
  }
  console.log(forked > 64 ? "ESCAPED" : "stopped: after " + forked)
} catch (error) { console.log("stopped: " + error) }
`,
  memory: () =>
    trying(`
const held = []
for (let i = 0; i < 64; i++) held.push(typeof Buffer === "undefined" ? new Uint8Array(1 << 24).fill(1) : Buffer.alloc(1 << 24, 1))`),
  loop: () => `console.log("started")\nfor (;;);\n`,
  flood: () =>
    `console.log("started")\nfor (let i = 0; i < 10240; i++) console.log("x".repeat(1023))\nconsole.log("ESCAPED")\n`,
  link: (host: Host) =>
    trying(
      `const fs = module_("node:fs"); fs.symlinkSync(${text(host.file)}, "link"); console.log(fs.readFileSync("link", "utf8"))`
    ),
  proc: (host: Host) =>
    trying(`
const fs = module_("node:fs")
const seen = (path) => { try { return fs.readFileSync(path).length > 0 } catch { return false } }
if (!["/proc/${host.pid}/cmdline", "/proc/cmdline", "/proc/1/cmdline"].some(seen)) throw new Error("none")`),
  signal: (host: Host) => trying(`outer().kill(${host.pid}, "SIGKILL")`)
}
