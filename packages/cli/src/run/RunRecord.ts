/**
 * A run as it is told in one file, `run.json`: what was asked for, what came out, what it cost.
 */
import { Completion, Event, HeldOut, Paired, Spend } from "@backprose/core"
import * as Schema from "effect/Schema"
import * as Allowance from "../models/Allowance.ts"
import * as effort from "../strategy/effort.ts"
import { Weights } from "../strategy/objectives.ts"
import * as optimizers from "../strategy/optimizers.ts"
import * as selectors from "../strategy/selectors.ts"
import * as sizes from "../tasks/sizes.ts"
import * as Sanitize from "../terminal/Sanitize.ts"

const Values = Schema.Record(Schema.String, Schema.Json)

/**
 * How far a run is: `budget`, `interrupted` and `failed` are ends before its time. `stopped`: its process went without a
 * word; that stands in no file, it is what is found where a run says that it is running and nobody runs it.
 */
export const Status = Schema.Literals(["running", "finished", "budget", "interrupted", "failed", "stopped"])
export type Status = typeof Status.Type

const from = (least: number) => Schema.Int.check(Schema.isGreaterThanOrEqualTo(least))

/** What decided the run, defaults included. */
export const Settings = Schema.Struct({
  optimizer: Schema.Literals(optimizers.names),
  selector: Schema.Literals(selectors.names),
  steps: from(0),
  batchSize: from(1),
  /** Candidates extended a step, and proposals for each; absent: one. */
  parents: Schema.optionalKey(from(1)),
  proposals: Schema.optionalKey(from(1)),
  /** What a proposal must do on its minibatch; absent: nothing. */
  minibatchGate: Schema.optionalKey(Schema.Literals(["not-worse", "strict-gain"])),
  /** So many proposals of a step are validated, the best on training examples; absent: all. */
  screen: Schema.optionalKey(from(1)),
  /** The rounds of a validation, after each of which a proposal may be given up; absent: one. */
  race: Schema.optionalKey(from(2)),
  /** Which parameters a step may change; absent: all. */
  parameters: Schema.optionalKey(Schema.Literals(["round-robin", "most-blamed"])),
  /** Whether only examples below a perfect score are criticised; absent: all are. */
  errorsOnly: Schema.optionalKey(Schema.Boolean),
  /** What becomes of a proposal that repeats a training example; absent: it is told. */
  copies: Schema.optionalKey(Schema.Literals(["off", "drop"])),
  /** When the selector takes a new prompt; absent: its own rule. */
  accept: Schema.optionalKey(Schema.Literals(selectors.accepts)),
  /** How often an example of validation and test is tried, and at which temperature; absent: once, at the model's own. */
  samples: Schema.optionalKey(from(1)),
  temperature: Schema.optionalKey(Schema.Finite),
  /** What counts; absent: the score alone. */
  objectives: Schema.optionalKey(Weights),
  /** The word that the numbers above were taken from, where it was one. */
  auto: Schema.optionalKey(Schema.Literals(effort.names)),
  concurrency: from(1),
  ...Allowance.fields,
  seed: from(0),
  /** What becomes of an example that fails; absent where nothing else was asked for than the default. */
  onFailure: Schema.optionalKey(Schema.Literals(["skip", "fail", "later"])),
  /** Whether replies were shared with other runs; absent: no. */
  cache: Schema.optionalKey(Schema.Boolean),
  /** The file that the initial parameters were read from; absent: they are the task's own. */
  initial: Schema.optionalKey(Schema.String),
  limit: Schema.optionalKey(from(1)),
  /** Of all three sets, where it was said. */
  sizes: Schema.optionalKey(sizes.Asked),
  /** Where the examples of a ready task were read from; absent: its own source. */
  data: Schema.optionalKey(Schema.String),
  /** How they were ordered; absent: by the seed. */
  order: Schema.optionalKey(Schema.Literals(["sound", "textgrad"])),
  /** How replies were scored; absent: exactly. */
  scoring: Schema.optionalKey(Schema.Literals(["exact", "textgrad"]))
})
export type Settings = typeof Settings.Type

/** `before` and `after` are scores on the held-out test set, of the initial and of the best parameters. */
export const RunRecord = Schema.TaggedStruct("RunRecord", {
  version: Schema.Literal(1),
  run: Schema.String,
  /** As the user named it. */
  task: Schema.String,
  /** The folder that it was named in, as the run's own folder sees it. Runs that cannot be resumed have none. */
  from: Schema.optionalKey(Schema.String),
  status: Status,
  /** Why training ended; absent where it did not. */
  stopped: Schema.optionalKey(Event.StopReason),
  /** One line, where the run failed. */
  error: Schema.optionalKey(Schema.String),
  /** Milliseconds since 1970. */
  startedAt: Schema.Finite,
  elapsedMs: Schema.Finite,
  settings: Settings,
  models: Schema.Struct({
    forward: Schema.String,
    backward: Schema.String,
    optimizer: Schema.String,
    /** Who answers where one of the others cannot; absent where there is nobody. */
    fallback: Schema.optionalKey(Schema.String),
    /** Origin and path alone: a query may hold a secret. */
    baseUrl: Schema.optionalKey(Schema.String)
  }),
  sizes: Schema.Struct({ train: Schema.Int, validation: Schema.Int, test: Schema.Int }),
  before: Schema.optionalKey(Event.Summary),
  after: Schema.optionalKey(Event.Summary),
  /** Of the best over the initial parameters, on the same test examples; absent where both were not tested. */
  gain: Schema.optionalKey(Paired.Comparison),
  /** How much higher the gain was in validation, by which it was chosen; absent where that says nothing. */
  luck: Schema.optionalKey(HeldOut.Luck),
  /** The validation scores of the initial parameters and of the best; absent where nothing was validated. */
  validated: Schema.optionalKey(Schema.Struct({ before: Event.Summary, after: Event.Summary })),
  /** The candidate that is the best; 0 is the initial one. */
  candidate: Schema.Int,
  initial: Values,
  best: Values,
  usage: Completion.Usage,
  /** What was spent at the providers; absent from runs of earlier versions. */
  spend: Schema.optionalKey(Spend.Spend),
  /** Replies of the cache, which cost nothing; absent where there were none. */
  cached: Schema.optionalKey(Schema.Int),
  /** What of all this nobody knows, in a run of another program; absent from runs of our own. */
  imported: Schema.optionalKey(Event.Imported)
})
export type RunRecord = typeof RunRecord.Type

/** Whether the best parameters are others than the initial ones. */
export const changed = ({ initial, best }: RunRecord): boolean => JSON.stringify(initial) !== JSON.stringify(best)

/** The codec of the file. */
export const Json = Schema.fromJsonString(RunRecord)

const encode = Schema.encodeSync(Json)

/** A record as a line of JSON, as it stands on standard output under `--json`. */
export const line = (record: RunRecord): string => Sanitize.json(encode(record))
