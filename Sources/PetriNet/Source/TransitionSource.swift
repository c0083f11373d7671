/// A transition as written.
package struct TransitionSource: Sendable {
  package var name: Located<String>
  package var inputs: [ArcSource] = []
  package var reads: [ArcSource] = []
  package var inhibitors: [ArcSource] = []
  package var cancels: [ArcSource] = []
  package var guardText: SourceText?
  package var priority: Located<Int>?
  package var work: WorkSource
  package var limit: LimitSource?

  package init(name: Located<String>, work: WorkSource) {
    self.name = name
    self.work = work
  }
}

/// An arc of `in`, `read`, `unless` or `cancel`: a variable and where its token comes from.
package struct ArcSource: Sendable {
  package var variable: Located<String>
  package var place: Located<String>
  package var condition: SourceText?
  /// Only on `in`.
  package var count: CountSource?
  package var wait: WaitSource?

  /// What stands at `mark` and could not be read.
  package static func unreadable(at mark: SourceMark) -> ArcSource {
    ArcSource(variable: .unreadable(at: mark), place: .unreadable(at: mark))
  }

  package init(variable: Located<String>, place: Located<String>) {
    self.variable = variable
    self.place = place
  }
}

package enum CountSource: Sendable {
  case all(SourceMark)
  /// Digits or a CEL expression of type int.
  case exactly(SourceText)
  case range(SourceText, SourceText)
}

package enum WaitSource: Sendable {
  /// `after: D`: a duration literal or CEL of type duration.
  case after(SourceText)
  /// `at: T`: CEL of type timestamp.
  case at(SourceText)
}

package enum WorkSource: Sendable {
  case plain(OutputSource)
  case choose([BranchSource], SourceMark)
  case judge(JudgeSource)
  case action(ActionWorkSource)
  case task(TaskSource)
  case call(CallSource)
  /// What it does could not be read, which is told; what it puts, as far as that can be read.
  case unreadable(RoutesSource)
}

/// A branch of `choose`; `condition` is nil for `else`, which stands last.
package struct BranchSource: Sendable {
  package var name: Located<String>
  package var condition: SourceText?
  package var outputs: OutputSource

  package init(name: Located<String>, condition: SourceText? = nil, outputs: OutputSource) {
    self.name = name
    self.condition = condition
    self.outputs = outputs
  }
}

/// `then:` of a transition: outcomes in the order written; `else` stands for all others but fallback.
package typealias RoutesSource = [RouteSource]

package struct RouteSource: Sendable {
  package var outcome: Located<String>
  package var outputs: OutputSource

  package init(outcome: Located<String>, outputs: OutputSource) {
    self.outcome = outcome
    self.outputs = outputs
  }
}

package struct JudgeSource: Sendable {
  package var prompt: Located<String>
  package var with: [NamedExpressionSource]
  package var timeout: SourceText?
  package var model: ModelSource?
  package var agree: SourceText?
  package var atLeast: SourceText?
  package var then: RoutesSource

  package enum ModelSource: Sendable {
    case one(SourceText)
    case several([Located<String>])
  }

  package init(
    prompt: Located<String>, with: [NamedExpressionSource], timeout: SourceText? = nil,
    model: ModelSource? = nil, agree: SourceText? = nil, atLeast: SourceText? = nil,
    then: RoutesSource
  ) {
    self.prompt = prompt
    self.with = with
    self.timeout = timeout
    self.model = model
    self.agree = agree
    self.atLeast = atLeast
    self.then = then
  }
}

package struct NamedExpressionSource: Sendable {
  package var name: Located<String>
  package var value: SourceText

  package init(name: Located<String>, value: SourceText) {
    self.name = name
    self.value = value
  }
}

/// `with:` of an action or call: one expression, or one for each field.
package enum ArgumentSource: Sendable {
  case whole(SourceText)
  case fields([NamedExpressionSource], SourceMark)
}

package struct ActionWorkSource: Sendable {
  package var action: Located<String>
  package var with: ArgumentSource?
  package var timeout: SourceText?
  package var attempts: SourceText?
  /// `D..D`.
  package var backoff: (low: SourceText, high: SourceText)?
  package var then: RoutesSource

  package init(
    action: Located<String>, with: ArgumentSource? = nil, timeout: SourceText? = nil,
    attempts: SourceText? = nil, backoff: (low: SourceText, high: SourceText)? = nil,
    then: RoutesSource
  ) {
    self.action = action
    self.with = with
    self.timeout = timeout
    self.attempts = attempts
    self.backoff = backoff
    self.then = then
  }
}

package struct TaskSource: Sendable {
  /// With `{{x.y}}` in it.
  package var title: SourceText
  package var with: [NamedExpressionSource] = []
  package var group: SourceText?
  package var notBy: SourceText?
  package var due: SourceText?
  package var ask: [(outcome: Located<String>, form: TypeSource)] = []
  package var then: RoutesSource

  package init(
    title: SourceText, with: [NamedExpressionSource] = [], group: SourceText? = nil,
    notBy: SourceText? = nil, due: SourceText? = nil,
    ask: [(outcome: Located<String>, form: TypeSource)] = [], then: RoutesSource
  ) {
    self.title = title
    self.with = with
    self.group = group
    self.notBy = notBy
    self.due = due
    self.ask = ask
    self.then = then
  }
}

package struct CallSource: Sendable {
  package var workflow: Located<String>
  package var with: ArgumentSource?
  package var then: RoutesSource

  package init(workflow: Located<String>, with: ArgumentSource? = nil, then: RoutesSource) {
    self.workflow = workflow
    self.with = with
    self.then = then
  }
}

package struct LimitSource: Sendable {
  package var max: SourceText
  package var per: SourceText?

  package init(max: SourceText, per: SourceText? = nil) {
    self.max = max
    self.per = per
  }
}

/// What one outcome puts, in order; empty = nothing.
package struct OutputSource: Sendable {
  package var puts: [(place: Located<String>, put: PutSource)]
  package var mark: SourceMark

  /// What stands at `mark` and could not be read.
  package static func unreadable(at mark: SourceMark) -> OutputSource {
    OutputSource(puts: [(.unreadable(at: mark), .expression(.unreadable(at: mark)))], mark: mark)
  }

  package init(puts: [(place: Located<String>, put: PutSource)], mark: SourceMark) {
    self.puts = puts
    self.mark = mark
  }
}

package indirect enum PutSource: Sendable {
  /// An expression for the whole token.
  case expression(SourceText)
  /// A record built field by field; `copy` names a record whose other fields are kept.
  case fields([NamedExpressionSource], copy: SourceText?, SourceMark)
  case delayed(PutSource, WaitSource)
  /// One token for each element; without `put` the element itself.
  case each(SourceText, variable: Located<String>?, put: PutSource?, wait: WaitSource?)
}
