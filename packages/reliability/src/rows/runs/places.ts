/** Names that would lead out of a folder, or to something that is no file of ours, were they taken as they are. */

const up = ["..", "../..", "../../../../../../etc/passwd", "..\\..\\windows", "a/../../..", "./..", ".", "...", ".. "]
const encoded = ["%2e%2e%2f", "%2e%2e/", "..%2f", "%252e%252e%252f", "..%c0%af", "..%255c", "\u2025/", "．．／", "%00"]
const whole = [
  "/etc/passwd",
  "//host/share",
  "C:\\x",
  "C:x",
  "\\\\?\\C:\\x",
  "\\\\.\\pipe\\x",
  "file:///etc/passwd",
  "~/x",
  "~root"
]
const devices = [
  "CON",
  "NUL",
  "aux",
  "COM1",
  "LPT9.txt",
  "/dev/zero",
  "/dev/tty",
  "/proc/self/environ",
  "con.ts",
  "nul.yaml"
]
const odd = [
  "",
  " ",
  "\u0000",
  "a\u0000b",
  "a\nb",
  "a\u202eb",
  "-rf",
  "--help",
  "*",
  "$(touch x)",
  "`touch x`",
  "a;b",
  "a|b",
  ":",
  "\ud800"
]
const long = ["x".repeat(300), "é".repeat(200), "../".repeat(500), `${"d/".repeat(2000)}x`, ".".repeat(300)]

const pieces = [...up, ...encoded, ...whole, ...devices, ...odd, ...long]

/** So many names, each another one. */
export const names = (count: number): ReadonlyArray<string> =>
  Array.from({ length: count }, (_, i) => {
    const first = pieces[i % pieces.length]!
    const round = Math.floor(i / pieces.length)
    const second = pieces[(i * 11 + round) % pieces.length]!
    const between = ["/", "\\", "", "\u0000", ".yaml/", "%2f"][round % 6]!
    return round === 0 ? first : `${first}${between}${second}${i}`
  })
