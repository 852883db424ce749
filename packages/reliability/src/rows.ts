/**
 * All promises, in the order of the table.
 *
 * To add one: a file in a folder of `rows/` exports a `Row` (see Row.ts), its neighbours there are its fixtures; name it
 * here. It measures the real thing through the public API: real processes, a server on the loopback, models from a script
 * or a seed. It is `fast` where it takes less than some twenty seconds, and then part of `npm test`; `details` names the
 * seeds and places that failed, so that they can be looked at again. Break the code once and see the row fail: one that
 * cannot says nothing. Then measure it by `npm run test:deep ID` and write the line into docs/reliability.md.
 */
import type { Row } from "./Row.ts"
import { counts } from "./rows/budget/Counts.ts"
import { holds } from "./rows/budget/Holds.ts"
import { damage } from "./rows/cache/Damage.ts"
import { keys } from "./rows/cache/Keys.ts"
import { noRoom } from "./rows/cache/NoRoom.ts"
import { sharedFolder } from "./rows/cache/Processes.ts"
import { singleFlight } from "./rows/cache/SingleFlight.ts"
import { crashPoints } from "./rows/journal/CrashPoints.ts"
import { damage as journalDamage } from "./rows/journal/Damage.ts"
import { failingDisk } from "./rows/journal/FailingDisk.ts"
import { oneAtATime } from "./rows/journal/Locked.ts"
import { powerCuts } from "./rows/journal/PowerCuts.ts"
import { versions } from "./rows/journal/Versions.ts"
import { atomicSteps } from "./rows/replies/AtomicSteps.ts"
import { fences } from "./rows/replies/Fences.ts"
import { hostileReplies } from "./rows/replies/HostileReplies.ts"
import { injection } from "./rows/replies/Injection.ts"
import { slots } from "./rows/replies/Slots.ts"
import { deadServer } from "./rows/retries/DeadServer.ts"
import { eachFault } from "./rows/retries/EachFault.ts"
import { hostileBodies } from "./rows/retries/HostileBodies.ts"
import { hugeReplies } from "./rows/retries/HugeReplies.ts"
import { interrupted } from "./rows/retries/Interrupted.ts"
import { manyCalls } from "./rows/retries/ManyCalls.ts"
import { onTheWire } from "./rows/retries/OnTheWire.ts"
import { stackedFaults } from "./rows/retries/StackedFaults.ts"
import { ctrlC } from "./rows/runs/CtrlC.ts"
import { killed } from "./rows/runs/Killed.ts"
import { locked } from "./rows/runs/Locked.ts"
import { paths } from "./rows/runs/Paths.ts"
import { strangers } from "./rows/runs/Strangers.ts"
import { terminal } from "./rows/runs/Terminal.ts"
import { jail } from "./rows/sandbox/Jail.ts"
import { noJail } from "./rows/sandbox/NoJail.ts"
import { secretsStay } from "./rows/secrets/Planted.ts"
import { autograd } from "./rows/simulation/Autograd.ts"
import { commands } from "./rows/simulation/Commands.ts"
import { leaks } from "./rows/simulation/Leaks.ts"
import { wholeRuns } from "./rows/simulation/WholeRuns.ts"
import { supply } from "./rows/supply/Supply.ts"

export const rows: ReadonlyArray<Row> = [
  crashPoints,
  failingDisk,
  powerCuts,
  journalDamage,
  oneAtATime,
  versions,
  singleFlight,
  keys,
  damage,
  noRoom,
  sharedFolder,
  eachFault,
  onTheWire,
  stackedFaults,
  hostileReplies,
  fences,
  slots,
  atomicSteps,
  injection,
  holds,
  counts,
  hostileBodies,
  secretsStay,
  jail,
  noJail,
  supply,
  hugeReplies,
  interrupted,
  killed,
  locked,
  ctrlC,
  paths,
  terminal,
  strangers,
  deadServer,
  manyCalls,
  wholeRuns,
  commands,
  autograd,
  leaks
]
