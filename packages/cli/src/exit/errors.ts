/**
 * What can go wrong before and around a run, by fact. Messages are whole lines for people.
 */
import * as Schema from "effect/Schema"

/** A value given on the command line makes no sense. */
export class OptionInvalid extends Schema.TaggedError<OptionInvalid>()("OptionInvalid", { message: Schema.String }) {}

/** A model is not written as `provider:model`, or there is no such provider. */
export class ModelNameInvalid extends Schema.TaggedError<ModelNameInvalid>()("ModelNameInvalid", {
  message: Schema.String
}) {}

/** A hosted model was asked for, and there is no key. */
export class KeyMissing extends Schema.TaggedError<KeyMissing>()("KeyMissing", { message: Schema.String }) {}

/** The task's name, module or YAML file is no task. */
export class TaskUnreadable extends Schema.TaggedError<TaskUnreadable>()("TaskUnreadable", {
  message: Schema.String
}) {}

/** A file that the command line names cannot be read, or is not what it should be. */
export class FileUnreadable extends Schema.TaggedError<FileUnreadable>()("FileUnreadable", {
  message: Schema.String
}) {}

/** A file or folder cannot be written. */
export class FileUnwritable extends Schema.TaggedError<FileUnwritable>()("FileUnwritable", {
  message: Schema.String
}) {}

/** The folder of a run cannot be made or written, or holds another run. */
export class RunFolderUnusable extends Schema.TaggedError<RunFolderUnusable>()("RunFolderUnusable", {
  message: Schema.String
}) {}

/** A run cannot be gone on with as it was asked for. */
export class ResumeRefused extends Schema.TaggedError<ResumeRefused>()("ResumeRefused", { message: Schema.String }) {}

/** The run ended because its budget did; what it had is saved. */
export class BudgetUsedUp extends Schema.TaggedError<BudgetUsedUp>()("BudgetUsedUp", { message: Schema.String }) {}

/** A check of `doctor` failed. */
export class SomethingMissing extends Schema.TaggedError<SomethingMissing>()("SomethingMissing", {
  message: Schema.String
}) {}
