/**
 * Programs that nobody has read, such as those that models write, run in jails: a service, `CodeRunner`, and layers that
 * provide it. It needs nothing else of Backprose, and works in any Effect program.
 */
export * as Attacks from "./attacks/Attacks.ts"
export * as Bubblewrap from "./bubblewrap/Bubblewrap.ts"
export * as Jail from "./jail/Jail.ts"
export * as Inside from "./quickjs/inside/text.ts"
export * as QuickJs from "./quickjs/QuickJs.ts"
export { CodeRunner, type Service as CodeRunnerService } from "./runner/CodeRunner.ts"
export * as Outcome from "./runner/Outcome.ts"
export { Processors } from "./runner/Processors.ts"
export * as Program from "./runner/Program.ts"
export { SandboxUnavailable } from "./runner/SandboxUnavailable.ts"
export * as Unsafe from "./unsafe/Unsafe.ts"
