/** The attacks in Python. Each says `started`, and `ESCAPED` where it got through. */
import type { Host } from "./Host.ts"

const text = JSON.stringify

/** Escaped where the body runs to its end. */
const trying = (body: string) => `print("started")
try:
${body
  .trim()
  .split("\n")
  .map((line) => `    ${line}`)
  .join("\n")}
    print("ESCAPED")
except BaseException as error:
    print("stopped:", type(error).__name__, error)
`

export const python = {
  network: (host: Host) => trying(`import socket\nsocket.create_connection(("127.0.0.1", ${host.port}), 2).close()`),
  environment: (host: Host) => trying(`import os\nprint(os.environ[${text(host.variable)}])`),
  file: (host: Host) => trying(`print(open(${text(host.file)}).read())`),
  home: (host: Host) => trying(`import os\nos.listdir(${text(host.home)})`),
  write: (host: Host) =>
    trying(`
import os
for path in [${text(`${host.folder}/escaped`)}, "/escaped", "/dev/escaped", "/usr/lib/escaped"]:
    try:
        open(path, "w").write("x")
    except OSError:
        continue
    break
else:
    raise PermissionError("nowhere")`),
  forks: () => `import os, time
print("started", flush=True)
forked = 0
for _ in range(300):
    try:
        if os.fork() == 0:
            time.sleep(3)
            os._exit(0)
        forked += 1
    except OSError:
        break
print("ESCAPED" if forked > 64 else f"stopped: after {forked}")
`,
  memory: () => trying(`held = bytearray(1 << 30)\nfor i in range(0, len(held), 4096): held[i] = 1`),
  loop: () => `print("started", flush=True)\nwhile True: pass\n`,
  flood: () => `print("started")\nfor _ in range(10240): print("x" * 1023)\nprint("ESCAPED")\n`,
  link: (host: Host) => trying(`import os\nos.symlink(${text(host.file)}, "link")\nprint(open("link").read())`),
  proc: (host: Host) =>
    trying(`
import os
def seen(path):
    try: return len(open(path, "rb").read()) > 0
    except OSError: return False
if not (seen("/proc/${host.pid}/cmdline") or seen("/proc/cmdline") or seen("/proc/1/cmdline")): raise PermissionError("none")`),
  signal: (host: Host) => trying(`import os, signal\nos.kill(${host.pid}, signal.SIGKILL)`)
}
