package import CEL

/// A transition of a compiled net.
///
/// Every expression of a transition reads one frame with this layout: the fixed slots of `Slots`,
/// then the variables of `in`, `read`, `unless`, `cancel` arcs in that order, then one slot for the
/// element variable (`as`) of the output being built.
package struct Transition: Sendable {
  /// Slots that every expression of a net shares; parameters are constants and have none.
  package enum Slots {
    /// The case's first token.
    package static let input = 0
    /// Record {id: string, key: string?, started: timestamp}.
    package static let caseRecord = 1
    package static let now = 2
    /// Record {id: string}.
    package static let firing = 3
    /// `verdict`, `fallback`, `result`, `error` or `answer`, by the outcome whose outputs are built.
    package static let outcome = 4
    /// The first arc variable.
    package static let firstArc = 5
  }

  package var name: TransitionName
  package var priority: Int
  /// Single arcs before counted ones is the order of binding, not of this array: file order here.
  package var inputs: [InputArc]
  package var reads: [ReadArc]
  package var inhibitors: [TestArc]
  package var cancels: [TestArc]
  package var condition: Program?
  package var work: Work
  package var limit: FiringLimit?
  /// How many slots a frame for this transition needs.
  package var slotCount: Int
  /// Whether some `in` or `read` arc is on a place of cases.
  package var bindsCase: Bool
  package var mark: SourceMark

  package init(
    name: TransitionName, priority: Int, inputs: [InputArc], reads: [ReadArc],
    inhibitors: [TestArc], cancels: [TestArc], condition: Program?, work: Work,
    limit: FiringLimit?, slotCount: Int, bindsCase: Bool, mark: SourceMark
  ) {
    self.name = name
    self.priority = priority
    self.inputs = inputs
    self.reads = reads
    self.inhibitors = inhibitors
    self.cancels = cancels
    self.condition = condition
    self.work = work
    self.limit = limit
    self.slotCount = slotCount
    self.bindsCase = bindsCase
    self.mark = mark
  }
}

/// An arc of `in`.
package struct InputArc: Sendable {
  package enum Count: Sendable {
    case one
    /// `all`, digits and ranges; a list variable.
    case all
    case range(Int, Int)
    /// An expression over single arcs, `input` and params.
    case computed(Program)
    case computedRange(Program, Program)
  }

  package enum Wait: Sendable {
    case constant(microseconds: Int64)
    /// CEL of type duration over the token, and on case places `input` and `case`.
    case after(Program)
    /// CEL of type timestamp over the same.
    case at(Program)
  }

  package var variable: String
  package var slot: Int
  /// Index of the place.
  package var place: Int
  package var condition: Program?
  package var count: Count
  package var wait: Wait?
}

/// An arc of `read`.
package struct ReadArc: Sendable {
  package var variable: String
  package var slot: Int
  package var place: Int
  package var condition: Program?
}

/// An arc of `unless` or `cancel`.
package struct TestArc: Sendable {
  package var variable: String
  package var slot: Int
  package var place: Int
  package var condition: Program?
}

package struct FiringLimit: Sendable {
  package var max: Int
  package var per: Program?
}

/// What a transition does with its tokens.
package enum Work: Sendable {
  case plain(Outputs)
  case choose([Branch])
  case judge(JudgeWork)
  case action(ActionWork)
  case task(TaskWork)
  case call(CallWork)
}

/// A branch of `choose`; `condition` is nil for `else`, which is last.
package struct Branch: Sendable {
  package var name: String
  package var condition: Program?
  package var outputs: Outputs
}

/// An outcome and what it puts.
package struct Route: Sendable {
  package var outcome: String
  package var outputs: Outputs
}

package struct JudgeWork: Sendable {
  package enum Model: Sendable {
    /// The operator's default alias.
    case standard
    case alias(String)
    case several([String])
    case computed(Program)
  }

  /// Index into `Net.prompts`.
  package var prompt: Int
  /// One for each field of the prompt, in the prompt's order.
  package var with: [Program]
  package var timeoutMicroseconds: Int64
  package var model: Model
  package var agree: Int
  package var atLeast: Double?
  /// Every label of the prompt in the prompt's order, then `fallback`.
  package var routes: [Route]
}

package struct ActionWork: Sendable {
  /// Index into `Net.actions`.
  package var action: Int
  package var with: Construction
  /// Of each attempt.
  package var timeoutMicroseconds: Int64
  package var attemptsMax: Int
  package var backoffLowMicroseconds: Int64
  package var backoffHighMicroseconds: Int64
  /// `ok`, `failed`, `unknown`; `unknown` only if routed.
  package var routes: [Route]
}

package struct TaskWork: Sendable {
  package enum Group: Sendable {
    case named(String)
    case computed(Program)
  }

  package enum Due: Sendable {
    case after(microseconds: Int64)
    case at(Program)
  }

  package enum TitlePart: Sendable {
    case text(String)
    case value(Program)
  }

  package var title: [TitlePart]
  package var with: [(name: String, value: Program)]
  package var group: Group?
  package var notBy: Program?
  package var due: Due?
  /// The record of a form, for the outcomes that have one.
  package var forms: [(outcome: String, colour: RecordColour)]
  package var routes: [Route]
}

package struct CallWork: Sendable {
  package var workflow: WorkflowName
  package var with: Construction?
  /// End places of the callee and `cancelled`; checked against it when it is loaded.
  package var routes: [Route]
}

/// What one outcome puts, in order; empty = nothing.
package struct Outputs: Sendable {
  package var puts: [Put]

  package init(puts: [Put]) { self.puts = puts }
}

package struct Put: Sendable {
  package enum Wait: Sendable {
    case constant(microseconds: Int64)
    case after(Program)
    case at(Program)
  }

  package var place: Int
  /// CEL of a list whose elements go into `slot`; nil for a single token.
  package var each: Program?
  package var slot: Int?
  package var value: Construction
  package var wait: Wait?
}

/// How a value of a colour set is made.
package enum Construction: Sendable {
  /// The whole value; `moves` is the slot of an arc variable put unchanged, which keeps its origin.
  case whole(Program, moves: Int?)
  /// A record, a part for each field of the colour set in its order.
  case record(RecordColour, [Part], copy: Program?)

  package enum Part: Sendable {
    case program(Program)
    /// The field of this index of the record that `copy` gave, evaluated once before the parts.
    case copied(Int)
    case standard(Value)
  }
}
