import CEL
import Foundation
import Testing

/// Compiled programs beside a walker of the checked tree, on random expressions.
struct RandomExpressionTests {
  /// One hundred thousand where there is time; a prefix of the same ones else.
  private static let count =
    ProcessInfo.processInfo.environment["PETREL_SOAK"] == nil ? 12_000 : 100_000

  @Test func `programs agree with a walker of the tree, errors included`() {
    let environment = Environment(variables: Subject.variables)
    let frames = (0..<12).map { Subject.values($0) }
    var counts = (values: 0, raised: 0, costly: 0, refused: 0)
    for number in 0..<Self.count {
      var random = RandomExpression(seed: UInt64(number))
      let type = random.type()
      let text = random.text(type, 1 + random.number(below: 4))
      let program: Program
      do throws(ExpressionProblems) {
        program = try Program.compile(text, in: environment)
      } catch {
        if error.problems.allSatisfy({ $0.kind == .tooCostly }) {
          counts.costly += 1
        } else {
          counts.refused += 1
        }
        continue
      }
      let values = frames[number % frames.count]

      let compiled = Self.outcome(program, values)
      let walked = TreeWalker(slots: values).evaluate(program.syntax)

      if compiled != walked, !Self.areNaN(compiled, walked) {
        Issue.record("\(text): \(compiled), walked \(walked)")
      }
      switch compiled {
      case .success: counts.values += 1
      case .failure: counts.raised += 1
      }
    }
    #expect(counts.values > Self.count / 4, "\(counts)")
    // Optional fields as keys of maps, and members of empty maps where one type is wanted.
    #expect(counts.refused < Self.count / 50, "\(counts)")
    #expect(counts.raised > Self.count / 10 && counts.costly < Self.count / 10, "\(counts)")
  }

  /// The same value but for the sign of what is no number, which nobody can see.
  private static func areNaN(_ left: TreeWalker.Outcome, _ right: TreeWalker.Outcome) -> Bool {
    func text(_ outcome: TreeWalker.Outcome) -> String {
      "\(outcome)".replacingOccurrences(of: "-nan", with: "nan")
    }
    return text(left).contains("nan") && text(left) == text(right)
  }

  private static func outcome(_ program: Program, _ values: [Value]) -> TreeWalker.Outcome {
    Result { () throws(TreeWalker.Failure) in
      do throws(EvaluationError) {
        let value = try program.value(in: Frame(values))
        if program.type == .bool, .bool(try program.holds(in: Frame(values))) != value {
          throw EvaluationError(.noSuchOverload, "value and condition disagree")
        }
        return value
      } catch {
        throw TreeWalker.Failure(error.code)
      }
    }
  }

  /// Characters, tokens and whole parts are cut, doubled and put elsewhere.
  @Test func `a mutated expression is refused with a place or evaluated, and nothing crashes`() {
    let environment = Environment(variables: Subject.variables)
    let frame = Frame(Subject.values(0))
    var refused = 0
    for number in 0..<4_000 {
      var random = RandomExpression(seed: UInt64(number) &* 7_919)
      let type = random.type()
      var scalars = Array(random.text(type, 3).unicodeScalars)
      for _ in 0...random.number(below: 3) where !scalars.isEmpty {
        let start = random.number(below: scalars.count)
        let end = min(scalars.count, start + random.number(below: 6))
        switch random.number(below: 4) {
        case 0: scalars.removeSubrange(start..<end)
        case 1: scalars.insert(contentsOf: scalars[start..<end], at: random.number(below: end + 1))
        case 2:
          scalars[start] = random.pick(
            Array("()[]{}.,:?'\"\\`%&|!=<>+-*/ 0u\u{0}가\u{301}".unicodeScalars))
        default:
          scalars.insert(
            contentsOf: random.pick(["&&", "((", "[?", "b'", "1e9", ".map("]).unicodeScalars,
            at: start)
        }
      }
      let text = String(String.UnicodeScalarView(scalars))
      do throws(ExpressionProblems) {
        _ = try? Program.compile(text, in: environment).value(in: frame)
        _ = try Program.compile(text, in: environment)
      } catch {
        refused += 1
        let length = text.unicodeScalars.count
        for problem in error.problems {
          let isInside = problem.position >= 0 && problem.position <= length && problem.length > 0
          #expect(isInside && !problem.message.isEmpty, "\(text): \(problem)")
        }
        #expect(!error.problems.isEmpty, "\(text)")
      }
    }
    #expect(refused > 2_000)
  }
}
