import Foundation
import PetriNet
import Testing
import Workflows

/// Files that were hit somewhere are told what is wrong, whatever it is.
@Suite struct MutationTests {
  /// Refused mutants; `PETREL_SOAK=1` takes ten times as many.
  private static let count =
    ProcessInfo.processInfo.environment["PETREL_SOAK"] == nil ? 2_000 : 20_000
  private static let timesMedianMax = 20.0
  private static let bytesMax = 64 << 20

  /// All that the repository ships but libraries, and their prompts.
  private static let workflows = names(in: "workflows", ".yaml").filter { !$0.contains("/lib-") }
  private static let prompts = names(in: "prompts", ".md")

  private static func names(in folder: String, _ ending: String) -> [String] {
    TestFiles.names(in: "\(TestFiles.root)/\(folder)").filter { $0.hasSuffix(ending) }
      .map { "\(folder)/\($0)" }
  }

  private struct Measured {
    var findings: Int
    var nanoseconds: UInt64
  }

  @Test func `mutated workflows are told without a crash, in bounded time and memory`() throws {
    let names = Self.workflows
    let originals = try names.map { try TestFiles.disk(under: TestFiles.root).read($0) }
    #expect(names.count >= 8)
    var mutation = Mutation(seed: 20_260_105)
    var times: [UInt64] = []
    var slowest: (nanoseconds: UInt64, mutant: [UInt8]) = (0, [])
    var accepted = 0
    var typical = Double.infinity
    let before = Self.peak(isReset: true)

    while times.count < Self.count {
      let which = (times.count + accepted) % names.count
      let mutant = mutation.mutant(of: originals[which])
      var measured = Self.measure(mutant, names[which])
      guard measured.findings > 0 else {
        accepted += 1
        continue
      }
      if times.count % 100 == 99 { typical = Self.median(times) }
      if Double(measured.nanoseconds) > typical * Self.timesMedianMax / 2 {
        // The machine may have been busy: the best of three counts.
        for _ in 0..<2 {
          measured.nanoseconds = min(
            measured.nanoseconds, Self.measure(mutant, names[which]).nanoseconds)
        }
      }
      times.append(measured.nanoseconds)
      if measured.nanoseconds > slowest.nanoseconds { slowest = (measured.nanoseconds, mutant) }
    }

    let grown = Self.peak(isReset: false) - before
    let median = Self.median(times)
    let worst = Double(times.max() ?? 0)
    print(
      "MUTANTS \(times.count) refused, \(accepted) still workflows; CPU median "
        + "\(Int(median / 1_000)) µs, worst \(Int(worst / 1_000)) µs; memory +\(grown >> 10) KiB")
    #expect(
      worst <= median * Self.timesMedianMax, "\(String(decoding: slowest.mutant, as: UTF8.self))")
    #expect(grown <= Self.bytesMax)
    #expect(accepted < Self.count / 2)
  }

  /// Loads a mutant, and tells all that is wrong with it in both languages.
  private static func measure(_ mutant: [UInt8], _ name: String) -> Measured {
    let disk = TestFiles.disk(under: TestFiles.root)
    let files = FileSource { path throws(FileSource.Problem) in
      path == name ? mutant : try disk.read(path)
    }
    let began = now()
    let workspace = Workspace.load(
      Configuration(), workflowPaths: [name], promptPaths: prompts, files: files)
    let errors = workspace.findings.filter { $0.severity == .error }
    let text = DiagnosticText(texts: workspace.texts).text(of: workspace.findings)
    let spent = now() - began
    let korean = DiagnosticText(texts: workspace.texts, language: .korean)
      .text(of: workspace.findings)
    if text.isEmpty != workspace.findings.isEmpty || korean.isEmpty != text.isEmpty {
      Issue.record("a finding was not told")
    }
    if errors.isEmpty, workspace.workflows.isEmpty, !workspace.findings.isEmpty {
      Issue.record("refused without an error: \(String(decoding: mutant, as: UTF8.self))")
    }
    for finding in errors where finding.message.isEmpty || finding.code.isEmpty {
      Issue.record("a finding says nothing: \(finding)")
    }
    return Measured(findings: errors.count, nanoseconds: spent)
  }

  private static func median(_ times: [UInt64]) -> Double {
    Double(times.sorted()[times.count / 2])
  }

  /// CPU time of this thread.
  private static func now() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  /// The most memory the process had since the last reset, in bytes.
  private static func peak(isReset: Bool) -> Int {
    if isReset, let file = FileHandle(forWritingAtPath: "/proc/self/clear_refs") {
      file.write(Data("5".utf8))
    }
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) << 10
  }
}
