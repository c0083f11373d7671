import Foundation
import PetriNet
import Testing
import Workflows

/// All mistakes are told in one run: two in a project are told like each of them alone.
///
/// `PETREL_SOAK=1` takes all the pairs.
@Suite struct MistakePairTests {
  private static let pairsMax =
    ProcessInfo.processInfo.environment["PETREL_SOAK"] == nil ? 300 : Int.max

  private static func originals() throws -> [String: String] {
    let disk = TestFiles.disk(under: "\(TestFiles.root)/Sources/Commands/Resources")
    return try [
      "petrel.yaml": "refund-configuration.yaml",
      "workflows/refund-triage.yaml":
        "refund-workflow.yaml", "workflows/lib-payments.yaml": "refund-library.yaml",
      "prompts/refund-intent.md": "refund-prompt.md",
    ].mapValues { try String(decoding: disk.read($0), as: UTF8.self) }
  }

  private static let slips = Slip.workflow + Slip.prompt + Slip.configuration

  @Test func `each slip by itself is told, and the project without one is good`() throws {
    let originals = try Self.originals()

    #expect(SpoiltProject(originals).told() == [])
    #expect(Slip.workflow.count >= 40 && Slip.prompt.count >= 15)
    #expect(Slip.configuration.count >= 25)
    for slip in Self.slips {
      let told = SpoiltProject(originals, [slip]).told()
      #expect(SpoiltProject.range(of: slip, in: originals[slip.file] ?? "") != nil, "\(slip)")
      #expect(!told.isEmpty && told.count <= 3, "\(slip): \(told)")
      if ProcessInfo.processInfo.environment["PETREL_SLIPS"] != nil { print("\(slip)\n  \(told)") }
    }
  }

  @Test func `two mistakes are both told, and nothing else`() throws {
    let originals = try Self.originals()
    let alone = Self.slips.map { SpoiltProject(originals, [$0]).told() }
    var pairs: [(Int, Int)] = []
    for first in Self.slips.indices {
      for second in Self.slips.indices.dropFirst(first + 1)
      where Self.areApart(Self.slips[first], Self.slips[second], originals) {
        pairs.append((first, second))
      }
    }
    var random = SplitMix(state: 7)
    for index in pairs.indices.reversed() { pairs.swapAt(index, random.below(index + 1)) }

    let taken = pairs.prefix(Self.pairsMax)
    for (first, second) in taken {
      let (one, other) = (Self.slips[first], Self.slips[second])
      let expected = Self.union(one, alone[first], other, alone[second], originals)
      let told = SpoiltProject(originals, [one, other]).told()
      let isWithoutLibrary = one.part == "import" && other.needsLibrary
      let difference = told.symmetricDifference(expected).filter {
        !Self.isExcused($0, one, other) && !(isWithoutLibrary && expected.contains($0))
      }
      if !difference.isEmpty {
        let (lost, isFalse) = (expected.subtracting(told), told.subtracting(expected))
        Issue.record("\(one) & \(other): lost \(lost), false \(isFalse)")
      }
    }

    #expect(taken.count >= 150)
  }

  /// Slips of the same part, or at the same place of the text, are one mistake and not two.
  private static func areApart(_ one: Slip, _ other: Slip, _ originals: [String: String]) -> Bool {
    guard one.file == other.file else { return true }
    guard !one.spoilsPart(of: other), let text = originals[one.file],
      let first = SpoiltProject.range(of: one, in: text),
      let second = SpoiltProject.range(of: other, in: text)
    else { return false }
    return !first.overlaps(second)
  }

  private static func union(
    _ one: Slip, _ first: Set<SpoiltProject.Told>, _ other: Slip, _ second: Set<SpoiltProject.Told>,
    _ originals: [String: String]
  ) -> Set<SpoiltProject.Told> {
    let mine = first.compactMap {
      SpoiltProject.moved($0, of: one, by: other, in: originals[$0.file] ?? "")
    }
    let theirs = second.compactMap {
      SpoiltProject.moved($0, of: other, by: one, in: originals[$0.file] ?? "")
    }
    return Set(mine).union(theirs)
  }

  /// What is wrong only by a library's declarations is not known where the library is missing.
  ///
  /// Claims about the whole net (that no token comes to a place, that nothing uses an action) are
  /// not made where arcs or names that could prove them wrong could not be read.
  private static func isExcused(
    _ told: SpoiltProject.Told, _ one: Slip, _ other: Slip
  ) -> Bool {
    let isOfWholeNet = ["P104", "P105", "P106", "P107", "P111", "P112"].contains(told.code)
    return isOfWholeNet && (one.hidesArcs || other.hidesArcs)
  }
}
