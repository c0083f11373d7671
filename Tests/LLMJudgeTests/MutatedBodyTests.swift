import Engine
import Foundation
import PetriNet
import Testing
import Transfer

@testable import LLMJudge

/// Bodies and texts that were changed at random: each is one outcome, and none is a label that it
/// does not spell.
@Suite struct MutatedBodyTests {
  private static let isSoak = ProcessInfo.processInfo.environment["PETREL_SOAK"] == "1"
  private static let pieces: [[UInt8]] = [
    [0x22], [0x5C], [0x7B], [0x7D], [0x5B], [0x5D], [0x2C], [0x3A], [0], [0xFF], [0xC3, 0xA9],
    [0xEF, 0xBB, 0xBF], [0xFF, 0xFE], [0x20], [0x0A], [0xED, 0xA0, 0x80], Array("null".utf8),
    Array("\\ud800".utf8), Array("\\u0064".utf8), Array("\"verdict\"".utf8), Array("1e999".utf8),
    Array("approve".utf8), Array("Deny".utf8), Array("denу".utf8), Array("{\"a\":".utf8),
    Array("\"error\":{}".utf8), Array("\"choices\":[],".utf8),
  ]

  private static func mutated(_ seed: [UInt8], _ generator: inout SplitMix) -> [UInt8] {
    var content = seed
    for _ in 0..<Int(generator.next() % 5) {
      let index = Int(generator.next() % UInt64(content.count + 1))
      let piece = pieces[Int(generator.next() % UInt64(pieces.count))]
      let length = Int(generator.next() % 12)
      let end = min(index + length, content.count)
      switch generator.next() % 5 {
      case 0: content.insert(contentsOf: piece, at: index)
      case 1: content.removeSubrange(index..<end)
      case 2: content.replaceSubrange(index..<end, with: piece)
      case 3: content.insert(contentsOf: content[index..<end], at: index)
      default: if index < content.count { content[index] ^= 1 << (generator.next() % 8) }
      }
    }
    return content
  }

  /// Whether somewhere in a reply stands a text that is the verdict, by another reader of JSON.
  private static func spells(_ label: String, _ node: JSONText.Node) -> Bool {
    switch node {
    case .string(let text):
      if text.utf8.elementsEqual(label.utf8) { return true }
      guard case .object(let members)? = try? JSONText.parse(text: text), members.count == 1,
        case .string(let found) = members[0].value
      else { return false }
      return members[0].name.utf8.elementsEqual("verdict".utf8)
        && found.utf8.elementsEqual(label.utf8)
    case .list(let items): return items.contains { spells(label, $0) }
    case .object(let members): return members.contains { spells(label, $0.value) }
    default: return false
    }
  }

  @Test(arguments: Speech.all)
  func `a changed reply is one outcome, and a label only where it stands`(
    _ speech: Speech
  ) throws {
    var endpoint = EndpointConfiguration(
      name: "e", url: "u", dialect: speech.dialect, model: "stub-1")
    endpoint.confidence = speech.dialect == "anthropic" ? .none : .logprobs
    let reader = CallReader(
      dialect: try #require(Dialect.named(speech.dialect)), endpoint: endpoint,
      parser: VerdictParser(Prompts.labels), canary: nil)
    let seeds = [deny, #"{ "verdict" : "approve" }"#, #"{"\u0076erdict":"deny"}"#]
      .compactMap { speech.reply(.text($0)).map { Array($0.utf8) } }
    var generator = SplitMix(state: UInt64(speech.path.utf8.count) &* 0x9E37)
    var outcomes: [String: Int] = [:]
    let instant = MonotonicInstant(nanoseconds: 0)

    for number in 0..<(Self.isSoak ? 10_000 : 500) {
      var result = TransferResult(started: instant, ended: instant)
      result.status = number % 10 == 9 ? 429 : 200
      result.body = Self.mutated(seeds[number % seeds.count], &generator)
      let ending = reader.ending(of: result, unixSeconds: 0)
      switch ending.verdict {
      case .fallback(let reason): outcomes[reason.rawValue, default: 0] += 1
      case .label(let label):
        outcomes["verdict", default: 0] += 1
        let node = try? JSONText.parse(result.body)
        if node.map({ Self.spells(label, $0) }) != true {
          Issue.record("\(label) from \(String(decoding: result.body, as: UTF8.self))")
        }
      }
    }

    #expect(outcomes.values.reduce(0, +) == (Self.isSoak ? 10_000 : 500))
    #expect(outcomes["verdict", default: 0] > 50)
    #expect(outcomes.count >= 4)
  }

  @Test func `the parser agrees with Python's reader, which refuses the same things`() throws {
    let python = "/usr/bin/env"
    let labels = ["approve", "deny", "카페", "caf\u{E9}"]
    let prompt = Prompts.prompt(labels: .strings(labels.map { Prompt.Label(name: $0) }))
    let parser = VerdictParser(prompt)
    let seeds =
      labels.map { Array("{\"verdict\":\"\($0)\"}".utf8) }
      + [
        Array(" {\n\"verdict\" : \"\\u0064eny\"}\t".utf8),
        Array(#"{"verdict":"\uce74\uD398"}"#.utf8), Array(#"{"verdict":"cafe\u0301"}"#.utf8),
        Array(#"{"verdict":"deny","verdict":"deny"}"#.utf8),
      ]
    var generator = SplitMix(state: 0xBEEF)
    var text = ""
    let count = Self.isSoak ? 1_000_000 : 20_000
    for number in 0..<count {
      let content = Self.mutated(seeds[number % seeds.count], &generator)
      let found: String
      if case .label(let label, _) = parser.read(content) {
        found = Self.hex(Array(label.utf8))
      } else {
        found = "-"
      }
      text += content.isEmpty ? "" : Self.hex(content) + " " + found + "\n"
    }
    let file = FileManager.default.temporaryDirectory.appending(
      path: "petrel-verdicts-\(ProcessInfo.processInfo.processIdentifier).txt")
    try text.write(to: file, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(at: file) }

    let process = Process()
    process.executableURL = URL(filePath: python)
    process.arguments =
      ["python3", Self.script, file.path] + labels.map { Self.hex(Array($0.utf8)) }
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus != 127 else {
      return print("no python3 here: the second reader was not asked")
    }

    print("second reader: \(output.split(separator: "\n").last ?? "")")
    #expect(process.terminationStatus == 0)
    #expect(output.split(separator: "\n").filter { $0.hasPrefix("differs") }.prefix(5) == [])
    #expect(output.contains(" texts, "))
  }

  private static let script =
    URL(filePath: #filePath).deletingLastPathComponent().path + "/Reference/verdicts.py"

  private static func hex(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count * 2)
    for byte in bytes { text += [JSONWriter.hex[Int(byte >> 4)], JSONWriter.hex[Int(byte & 15)]] }
    return String(decoding: text, as: UTF8.self)
  }
}
