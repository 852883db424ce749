/** D1: `kill -9` at any instant, up to three times a run, then resume. */
import { join } from "node:path"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Row } from "../../Row.ts"
import * as Command from "./Command.ts"
import { between } from "./chance.ts"
import { folder } from "./folder.ts"
import * as found from "./found.ts"
import * as student from "./student.ts"

/** Replies of a run that nobody disturbs. */
const calls = 60
const runs = 100
const concurrency = 4
const journalFile = "journal.log"

const optimize = (dir: string): ReadonlyArray<string> => [
  ...["optimize", Command.task, "--model", "openai:student", "--run-dir", dir],
  ...["--steps", "2", "--batch", "4", "--concurrency", `${concurrency}`]
]

/** What became of one run. */
interface Story {
  readonly kills: number
  /** Requests under way when the process was killed: their replies may have been paid. */
  readonly lost: number
  /** Requests beyond those of a run that nobody disturbs. */
  readonly extra: number
  /** Replies that were in the journal and were asked for once more. */
  readonly again: number
  readonly trouble: string | undefined
}

type End = Effect.Success<ReturnType<typeof found.end>>

const story = Effect.fnUntraced(function* (
  seed: number,
  undisturbed: End
): Effect.fn.Return<Story, never, Scope.Scope> {
  const cwd = yield* folder
  const dir = join(cwd, "run")
  const server = yield* student.server(8)
  const env = { OPENAI_BASE_URL: server.url }
  const resume = ["resume", dir, "--task", Command.task]
  const requests = Effect.map(server.counts, ({ requests }) => requests)
  const wanted = between(`${seed} kills`, 1, 3)
  let kills = 0
  let lost = 0
  let args = optimize(dir)
  while (kills < wanted) {
    const killed = yield* Effect.scoped(
      Effect.gen(function* () {
        const command = yield* Command.start(args, { cwd, env })
        const plan = `${seed} ${kills}`
        const before = yield* requests
        // some kills hit the start of a session, where it reads its journal; the others any time of the calls
        const early = args === resume && between(`${plan} early`, 1, 4) === 1
        const after = early ? 0 : between(`${plan} after`, Math.min(calls, before + 1), calls + 2)
        const over = Effect.asVoid(command.ended)
        yield* Effect.race(Effect.asVoid(server.until(({ requests }) => requests >= after)), over)
        yield* Effect.race(Effect.sleep(early ? between(plan, 0, 900) : between(plan, 0, 40)), over)
        if (command.isOver()) return false
        yield* command.signal("SIGKILL")
        yield* command.ended
        return true
      })
    )
    if (!killed) break
    kills += 1
    lost += (yield* found.journal(join(dir, journalFile))).open
    args = resume
  }
  const kept = yield* found.journal(join(dir, journalFile))
  const before = yield* requests
  const ended = yield* Command.run(resume, { cwd, env })
  const asked = (yield* requests) - before
  const { again } = yield* found.journal(join(dir, journalFile))
  const extra = (yield* requests) - calls
  const end = ended.code === 0 ? yield* found.end(dir) : undefined
  const trouble =
    end === undefined
      ? `ends with ${ended.code}: ${ended.err}`
      : end.parameters !== undisturbed.parameters
        ? "other parameters"
        : end.record !== undisturbed.record
          ? `another record: ${end.record}`
          : end.told !== undisturbed.told
            ? `other events: ${firstDifference(undisturbed.told, end.told)}`
            : asked !== calls - kept.replies
              ? `${asked} requests in the last session, ${calls - kept.replies} replies were missing`
              : extra > lost
                ? `${extra} extra requests, ${lost} were under way at the kills`
                : again > 0
                  ? `${again} replies asked for again`
                  : undefined
  return { kills, lost, extra, again: again + Math.max(0, asked - (calls - kept.replies)), trouble }
}, Effect.scoped)

const sum = (stories: ReadonlyArray<Story>, of: (story: Story) => number): number =>
  stories.reduce((all, one) => all + of(one), 0)

/** Kills of the real process, while it asks a server that is slow now and then. */
export const killed: Row = {
  id: "D1",
  title: `kill -9 at any instant of a run of ${calls} calls, ${concurrency} at once, up to 3 times, then resume`,
  wanted: `${runs}/${runs} end with the same bytes, 0 replies asked again, extra requests <= under way at the kills`,
  speed: "deep",
  measure: Effect.gen(function* () {
    const undisturbed = yield* Effect.scoped(
      Effect.gen(function* () {
        const cwd = yield* folder
        const server = yield* student.server(1)
        yield* Command.run(optimize(join(cwd, "run")), { cwd, env: { OPENAI_BASE_URL: server.url } })
        const bodies = (yield* server.requests).map(({ text }) => text)
        return { end: yield* found.end(join(cwd, "run")), bodies }
      })
    )
    const { length } = undisturbed.bodies
    if (length !== calls || new Set(undisturbed.bodies).size !== calls) {
      return { figure: `a run of ${length} calls`, held: false }
    }
    const stories = yield* Effect.forEach(
      Array.from({ length: runs }, (_, seed) => seed),
      (seed) => story(seed, undisturbed.end),
      { concurrency: 2 }
    )
    const good = stories.filter(({ trouble }) => trouble === undefined).length
    const [kills, lost, extra, again] = [
      sum(stories, ({ kills }) => kills),
      sum(stories, ({ lost }) => lost),
      sum(stories, ({ extra }) => extra),
      sum(stories, ({ again }) => again)
    ]
    return {
      figure: `${good}/${runs} the same after ${kills} kills; ${again} asked again; ${extra} extra of ${lost} under way`,
      held: good === runs && again === 0 && extra <= lost && kills >= runs,
      details: stories.flatMap(({ trouble }, seed) => (trouble === undefined ? [] : [`seed ${seed}: ${trouble}`]))
    }
  })
}

/** The first line in which two texts differ. */
const firstDifference = (a: string, b: string): string => {
  const [one, other] = [a.split("\n"), b.split("\n")]
  const at = one.findIndex((line, i) => line !== other[i])
  return `line ${at + 1}: ${other[at]?.slice(0, 300)} where it was ${one[at]?.slice(0, 300)}`
}
