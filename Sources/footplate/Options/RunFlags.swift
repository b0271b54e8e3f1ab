// The flags of `footplate run`, as the engine's options.

import ArgumentParser
import BatchModel
import Resilience
import Runtime

struct RunFlags: ParsableArguments {
  @Flag(help: "No dashboard: one line per event, and the progress on a terminal.")
  var headless = false
  @Flag(help: "Start the engine and leave it.") var detach = false
  @Option(help: "So many steps at the same time.") var parallel: Int?
  @Option(help: "Only items whose key matches the glob.") var only: String?
  @Option(help: "At most so many items.") var limit: Int?
  @Option(help: "So many items, drawn at random.") var sample: Int?
  @Option(help: "The seed of --sample.") var seed: UInt64 = 0
  @Option(help: "The hard cap of the run, in USD.") var budget: DollarAmount?
  @Option(help: "Stop by itself at that time, such as 07:00.") var until: ClockTime?
  @Option(help: "Go on with that run.") var resume: String?
  @Flag(help: "A fresh run; saved progress is ignored, and kept.") var noResume = false
  @Flag(help: "Failed items are queued again.") var retryFailed = false
  @Flag(help: "Items done with an older prompt, command or check run again.") var refresh = false
  @Flag(help: "Everything runs again.") var force = false
  @Flag(help: "Say what would run, and why; run nothing.") var dryRun = false
  @Option(
    help: ArgumentHelp(
      "A mock agent with that script stands in for every agent.", valueName: "script"))
  var mockAgent: String?
  @Flag(inversion: .prefixedNo, help: "Repair at the start what is safe to repair.")
  var healing = true
  @Option(help: "What goes into .footplate/engine.log: debug, info, notice, warning or error.")
  var logLevel: LogLevel?
  @Flag(help: "Say less: the last line alone.") var quiet = false
  @Flag(help: "Say more: a line for every event.") var verbose = false

  func validate() throws {
    if let parallel, parallel < 1 { throw ValidationError("--parallel: at least 1") }
    if let limit, limit < 1 { throw ValidationError("--limit: at least 1") }
    if let sample, sample < 1 { throw ValidationError("--sample: at least 1") }
    if quiet, verbose { throw ValidationError("--quiet and --verbose: one of them") }
    if resume != nil, noResume {
      throw ValidationError("--resume and --no-resume: one of them")
    }
  }

  func options(now: Instant) -> RunOptions {
    var options = RunOptions()
    options.resumption = noResume ? .fresh : resume.map { .run($0) } ?? .automatic
    options.parallel = parallel
    options.only = only
    options.limit = limit
    options.sample = sample
    options.seed = seed
    options.budget = budget?.money
    options.stopAt = until?.next(after: now)
    options.retryFailed = retryFailed
    options.refresh = refresh
    options.force = force
    options.mockAgent = mockAgent.map(WorkspaceOptions.absolute)
    options.heals = healing
    options.logLevel = logLevel?.rawValue
    return options
  }
}

extension LogLevel: ExpressibleByArgument {}

/// An amount in USD on the command line, such as `40` or `12.50`.
struct DollarAmount: ExpressibleByArgument {
  let money: Money

  init?(argument: String) {
    let digits = argument.hasPrefix("$") ? argument.dropFirst() : argument[...]
    guard let money = Money(dollars: digits) else { return nil }
    self.money = money
  }
}
