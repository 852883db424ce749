/** All benches, in the order they are run. */
import type { Bench } from "./Bench.ts"
import { Concurrency } from "./concurrency/Concurrency.ts"
import { GraphSize } from "./graph/GraphSize.ts"
import { Import } from "./import/Import.ts"
import { Journal } from "./journal/Journal.ts"
import { Overhead } from "./overhead/Overhead.ts"
import { ReflectiveStep } from "./reflection/ReflectiveStep.ts"
import { Selection } from "./selection/Selection.ts"
import { Step } from "./step/Step.ts"

export const benches: ReadonlyArray<Bench> = [
  Step,
  ReflectiveStep,
  Overhead,
  Concurrency,
  GraphSize,
  Selection,
  Journal,
  Import
]
