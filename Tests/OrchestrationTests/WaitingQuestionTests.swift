import Engine
import Orchestration
import PetriNet
import Synchronization
import Testing

/// Questions that wait because `limits.judges` of them are under way: workflows take turns.
struct WaitingQuestionTests {
  /// A judge that answers when it is told to.
  private final class Bench: Judge {
    private typealias Report = @Sendable (JudgeReport) -> Void
    private let state = Mutex<(asked: [Question], open: [FiringID: Report])>(([], [:]))

    var asked: [Question] { state.withLock { $0.asked } }

    func ask(_ question: Question, report: @escaping @Sendable (JudgeReport) -> Void) {
      state.withLock {
        $0.asked.append(question)
        $0.open[question.firing] = report
      }
    }

    func abandon(_ firing: FiringID) {}

    func progress(of firing: FiringID) -> JudgeProgress { .idle }

    /// Answers the question that was asked as the n-th.
    func answer(_ index: Int) {
      let report = state.withLock { $0.open.removeValue(forKey: $0.asked[index].firing) }
      report?(.verdict(.label("true"), nil))
    }
  }

  private static let prompt = Prompt(
    name: "intent", question: "Is it so?", labels: .boolean, fields: [], body: [.text("Judge.")],
    text: [], file: "prompts/intent.md")

  private static func inquiry(_ number: Int, _ workflow: String) -> Effect {
    .judge(
      Inquiry(
        firing: FiringID(Seq(Int64(number))), firingText: "0-\(number)-x",
        caseID: CaseID(Seq(Int64(number))), workflow: WorkflowName(workflow),
        transition: TransitionName("t"), guardID: DefinitionID(Seq(1)), prompt: prompt, values: [],
        models: [], agree: 1, atLeast: nil, deadline: Instant(microseconds: 0)))
  }

  private static func performer(_ bench: Bench, _ shares: [String: Int]) -> EffectPerformer {
    EffectPerformer(
      judge: bench, actions: [], judgesMax: 4, shares: shares, actionsMax: 1,
      clock: MonotonicClock(), report: { _ in })
  }

  @Test(arguments: [(1, 1), (3, 1), (1, 4)])
  func `a flood of one workflow's questions holds up another's by no more than its share`(
    _ flood: Int, _ other: Int
  ) {
    let bench = Bench()
    let performer = Self.performer(bench, ["flood": flood, "other": other])
    performer.perform((1...20_000).map { Self.inquiry($0, "flood") })
    performer.perform((20_001...20_020).map { Self.inquiry($0, "other") })
    #expect(performer.load.questions == 4)
    #expect(performer.load.questionsWaiting == 20_016)

    for index in 0..<200 { bench.answer(index) }

    let turns = bench.asked.dropFirst(4).enumerated().filter {
      $0.element.workflow.text == "other"
    }
    #expect(turns.count == 20)
    for (index, turn) in turns.enumerated() {
      let behind = turn.offset - index
      #expect(behind * other <= index * flood + other, "question \(index + 1) behind \(behind)")
    }
  }

  @Test func `one that is abandoned while it waits is never asked, and costs no turn`() {
    let bench = Bench()
    let performer = Self.performer(bench, [:])
    performer.perform((1...5_000).map { Self.inquiry($0, "flood") })
    performer.perform([Self.inquiry(5_001, "other")])
    performer.perform((5...4_999).map { .abandonJudge(FiringID(Seq($0))) })
    #expect(performer.load.questionsWaiting == 2)

    for index in 0..<4 { bench.answer(index) }

    #expect(bench.asked.map(\.firing.seq.number) == [1, 2, 3, 4, 5_000, 5_001])
    #expect(performer.load.questions == 2)
    #expect(performer.load.questionsWaiting == 0)
  }

  @Test func `a hundred thousand that wait are asked one after the other`() {
    let bench = Bench()
    let performer = Self.performer(bench, [:])
    performer.perform((1...100_000).map { Self.inquiry($0, $0 % 3 == 0 ? "a" : "b") })

    for index in 0..<100_000 { bench.answer(index) }

    #expect(bench.asked.count == 100_000)
    #expect(performer.load.questions == 0)
  }
}
