package import Engine
package import Orchestration
package import PetriNet
internal import Synchronization
package import Transfer

/// Asks language models over HTTP: the judge of a running Petrel.
///
/// A question becomes calls, one after the other, until one of them decides it, nothing more can be
/// tried, or its deadline passes. No attempt begins after the deadline; one that is under way then
/// is kept open for the endpoint's `lateMilliseconds`, and what it brings is reported as a call.
/// Reports come on the loop's thread. When the loop is stopped, open questions stay without report.
package final class LLMJudge: Judge {
  /// Sources of what is not in the configuration; a test gives its own.
  package struct Surroundings: Sendable {
    /// The wall clock.
    package var now: @Sendable () -> Instant
    /// 16 bytes that nobody can guess, for each call.
    package var nonce: @Sendable () -> [UInt8]
    /// How long after a deadline the judge reports it by itself, if nobody has abandoned the
    /// question; the engine's own clock comes first.
    package var deadlineReportMilliseconds: Int64

    package init(
      now: @escaping @Sendable () -> Instant, nonce: @escaping @Sendable () -> [UInt8],
      deadlineReportMilliseconds: Int64 = 250
    ) {
      self.now = now
      self.nonce = nonce
      self.deadlineReportMilliseconds = deadlineReportMilliseconds
    }

    /// The clock of the system and its source of random bytes.
    package static let system = Surroundings(now: SystemClock.now, nonce: SystemClock.nonce)
  }

  package let configuration: JudgeConfiguration
  private let loop: CurlLoop
  private let desk: JudgeDesk
  private let routes: Routes
  private let progress: ProgressTable
  /// Nil where nothing is reused.
  private let cache: CacheDesk?
  private let surroundings: Surroundings

  /// - Throws: The first thing that is wrong with the configuration.
  package init(
    configuration: JudgeConfiguration, transfer: CurlLoop, surroundings: Surroundings = .system
  ) throws(JudgeConfigurationProblem) {
    self.configuration = configuration
    routes = try Routes(configuration)
    loop = transfer
    cache = configuration.cacheMicroseconds.map {
      CacheDesk(configuration, heldMicroseconds: $0)
    }
    self.surroundings = surroundings
    let progress = ProgressTable()
    self.progress = progress
    desk = JudgeDesk(loop: transfer, surroundings: surroundings) { progress.remove($0) }
  }

  package func ask(_ question: Question, report: @escaping @Sendable (JudgeReport) -> Void) {
    let aliases = question.models.isEmpty ? [nil] : question.models.map(Optional.some)
    let found = aliases.map { alias in configuration.model(alias).flatMap { routes[$0.alias] } }
    let cells = found.map { _ in ProgressCell() }
    progress.add(cells, for: question.firing)
    loop.perform { [desk, progress, cache, surroundings] in
      if let known = cache?.answer(question, at: surroundings.now()) {
        progress.remove(question.firing)
        return report(known)
      }
      let report =
        cache.map { cache -> @Sendable (JudgeReport) -> Void in
          return { news in
            cache.keep(news, of: question)
            report(news)
          }
        } ?? report
      guard found.allSatisfy({ $0 != nil }) else {
        progress.remove(question.firing)
        return report(.verdict(.fallback(.requestRejected), nil))
      }
      let ballot = Self.ballot(question, voters: found.count, report)
      for (index, (cell, route)) in zip(cells, found).enumerated() {
        guard let route else { continue }
        desk.ask(question, route: route, rotation: index, progress: cell) { news in
          guard let ballot else { return report(Self.sure(news, question.atLeast)) }
          if ballot.take(news) { desk.settle(question.firing) }
        }
      }
    }
  }

  /// Nil where one model is asked.
  private static func ballot(
    _ question: Question, voters: Int, _ report: @escaping @Sendable (JudgeReport) -> Void
  ) -> Ballot? {
    guard voters > 1 else { return nil }
    return Ballot(
      voters: voters, needed: question.agree, atLeast: question.atLeast, report: report)
  }

  /// A label that is less sure than the net asks, or of which nobody says how sure it is, is none.
  private static func sure(_ news: JudgeReport, _ least: Double?) -> JudgeReport {
    guard let least, case .verdict(.label, let call) = news,
      call?.confidence.map({ $0 < least }) ?? true
    else { return news }
    return .verdict(.fallback(.lowConfidence), call)
  }

  package func abandon(_ firing: FiringID) {
    progress.remove(firing)
    loop.perform { [desk] in desk.abandon(firing) }
  }

  package func progress(of firing: FiringID) -> JudgeProgress { progress.progress(of: firing) }

  package func pause(_ endpoints: Set<String>) {
    loop.perform { [desk, routes] in
      for line in routes.lines {
        let isPaused = endpoints.contains { $0.utf8.elementsEqual(line.configuration.name.utf8) }
        if line.scheduler.isPaused != isPaused { desk.pause(line, isPaused) }
      }
    }
  }

  package func settle() {
    loop.perform { [desk, routes] in desk.settle(routes.lines) }
  }

  package var unsettled: Int { desk.unsettled }

  package var endpoints: [EndpointStanding] {
    let now = MonotonicInstant.now()
    return routes.lines.map { $0.standing(at: now) }
  }

  /// The identity of the guard that a prompt makes with an alias (nil = the default one); nil if
  /// there is no such alias.
  package func guardIdentity(_ prompt: Prompt, alias: String?) -> GuardIdentity? {
    configuration.guardIdentity(prompt, alias: alias)
  }
}

extension JudgeConfiguration {
  /// The identity of the guard that a prompt makes with an alias (nil = the default one); nil if
  /// there is no such alias.
  package func guardIdentity(_ prompt: Prompt, alias: String?) -> GuardIdentity? {
    model(alias).map { model in
      GuardIdentity(prompt: prompt, endpoints: model.endpoints.compactMap(endpoint))
    }
  }
}

/// Where the questions to each alias go.
private struct Routes: Sendable {
  private var aliases: [String: Route] = [:]
  /// Of all endpoints, in the order of the configuration.
  let lines: [EndpointLine]

  init(_ configuration: JudgeConfiguration) throws(JudgeConfigurationProblem) {
    var quotas: [String: Quota] = [:]
    for quota in configuration.quotas { quotas[quota.name] = Quota(quota) }
    var all: [EndpointLine] = []
    var lines: [String: EndpointLine] = [:]
    for endpoint in configuration.endpoints {
      let line = try EndpointLine(
        endpoint, breaker: configuration.breaker, shares: configuration.shares,
        quota: endpoint.quota.flatMap { quotas[$0] })
      all.append(line)
      lines[endpoint.name] = line
    }
    self.lines = all
    func found(
      _ names: [String], _ alias: String
    ) throws(JudgeConfigurationProblem) -> [EndpointLine] {
      var result: [EndpointLine] = []
      for name in names {
        guard let line = lines[name] else {
          throw JudgeConfigurationProblem.unknownEndpoint(alias: alias, endpoint: name)
        }
        result.append(line)
      }
      return result
    }
    for model in configuration.models {
      let route = Route(
        lines: try found(model.endpoints, model.alias),
        shadows: try found(model.shadow, model.alias), hedgeMilliseconds: model.hedgeMilliseconds)
      if route.lines.isEmpty { throw .aliasWithoutEndpoint(alias: model.alias) }
      aliases[model.alias] = route
    }
    if let standard = configuration.standard, aliases[standard] == nil {
      throw .unknownStandard(alias: standard)
    }
  }

  subscript(alias: String) -> Route? { aliases[alias] }
}

/// Which questions are open and how far they are.
private final class ProgressTable: Sendable {
  private let cells = Mutex<[FiringID: [ProgressCell]]>([:])

  func add(_ new: [ProgressCell], for firing: FiringID) {
    cells.withLock { $0[firing] = new }
  }

  func remove(_ firing: FiringID) { cells.withLock { _ = $0.removeValue(forKey: firing) } }

  /// The farthest of all its inquiries.
  func progress(of firing: FiringID) -> JudgeProgress {
    let all = cells.withLock { $0[firing] ?? [] }.map(\.progress)
    if all.contains(.receiving) { return .receiving }
    return all.contains(.waiting) ? .waiting : .idle
  }
}
