internal import ArgumentParser
internal import CEL
internal import LLMJudge
internal import PetriNet
internal import Workflows

/// `petrel prompt`.
struct PromptVerbs: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prompt", abstract: "Look at what a model is asked.",
    discussion: """
      Examples:
        petrel prompt show refund-triage understand_intent --with case.json
        petrel prompt show refund-triage understand_intent --with case.json -o json
      """,
    subcommands: [PromptShow.self])
}

/// `petrel prompt show`: the requests that a judge would send, to each endpoint it may ask.
struct PromptShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Print what would be sent to each endpoint; sends nothing.",
    discussion: """
      The file holds the prompt's fields by name, or the case's start value, or
      {"input": …, "VARIABLE": …} with a value for each arc variable that `with` reads.
      Where models vote, each is shown with the labels in its own order; shadow endpoints are
      shown too. In place of a key stands [secret].
      Examples:
        petrel prompt show refund-triage understand_intent --with case.json
        petrel prompt show refund-triage understand_intent --with case.json -o jsonl
      """)

  @Argument(help: "The workflow, by name.")
  var workflow: String

  @Argument(help: "The transition with the judge.")
  var transition: String

  @Option(help: "A file of JSON.")
  var with: String

  @OptionGroup var output: OutputOptions

  func run() throws {
    let project = try Project.load()
    try project.requireNoErrors()
    let net = try project.workflow(named: workflow).net
    let names = net.transitions.filter { if case .judge = $0.work { true } else { false } }
      .map(\.name.text)
    guard let found = net.transition(named: TransitionName(transition.inFormC)),
      case .judge(let work) = net.transitions[found].work
    else {
      throw Failure(
        .wrongCall, "C101",
        "'\(transition)' is no judge of '\(workflow)'; there are \(names.joined(separator: ", "))")
    }
    let json = try JSONFile.node(at: with)
    let question = JudgeQuestion(net: net, transition: net.transitions[found], work: work)
    let values = try question.values(from: json)
    let judges = try JudgeConfiguration(project.configuration) { $0.prefix + "[secret]" }
    let voices = try PromptVoice.all(of: work, judges)
    let previews = try voices.map { voice in
      do {
        return try PromptPreview(
          of: question.prompt, values: values, at: voice.endpoint, rotation: voice.number,
          nonce: (0..<16).map { _ in UInt8.random(in: .min ... .max) })
      } catch {
        throw Failure(.configuration, "C402", "the endpoint '\(voice.endpoint.name)': \(error)")
      }
    }
    try tell(zip(voices, previews).map { (voice: $0, preview: $1) })
  }

  private func tell(_ requests: [(voice: PromptVoice, preview: PromptPreview)]) throws {
    let items = try requests.map { voice, preview in
      JSONText.Node.object([
        .init("endpoint", .string(preview.endpoint)), .init("dialect", .string(preview.dialect)),
        .init("model", voice.alias.map { JSONText.Node.string($0) } ?? .null),
        .init("vote", .integer(voice.number + 1)), .init("votes", .integer(voice.count)),
        .init("shadow", .bool(voice.isShadow)),
        .init("labels", .list(preview.labels.map { .string($0) })),
        .init("url", .string(preview.url)),
        .init("headers", .list(preview.headers.map { .string("\($0.name): \($0.value)") })),
        .init("cut", .bool(preview.isCut)), .init("body", try JSONText.parse(preview.body)),
      ])
    }
    guard output.format == .table else {
      return JSONDocument(schema: "petrel.prompt/1", items: items).print(as: output.format)
    }
    for ((voice, preview), item) in zip(requests, items) {
      let parts = [preview.endpoint, preview.dialect] + voice.remarks
      Console.print("POST \(preview.url)    \(parts.joined(separator: ", "))")
      for header in preview.headers { Console.print("\(header.name): \(header.value)") }
      if let body = item["body"] { Console.print(body.indentedText) }
    }
    Console.note("nothing was sent")
  }
}

/// One of those that are asked a question: an endpoint of an alias, as one of its voters or beside
/// them.
private struct PromptVoice {
  /// Nil: the default one.
  var alias: String?
  /// From 0, and of how many.
  var number: Int
  var count: Int
  var endpoint: EndpointConfiguration
  /// Asked for the record alone.
  var isShadow: Bool

  var remarks: [String] {
    let vote = count > 1 ? ["vote \(number + 1) of \(count)"] : []
    return vote + (alias.map { ["model \($0)"] } ?? []) + (isShadow ? ["shadow"] : [])
  }

  /// In the order in which they are asked.
  static func all(of work: JudgeWork, _ judges: JudgeConfiguration) throws -> [PromptVoice] {
    var voices: [PromptVoice] = []
    for list in Definitions.aliases(work.model, judges) {
      let aliases = list.isEmpty ? [nil] : list.map(Optional.some)
      for (number, alias) in aliases.enumerated() {
        guard let model = judges.model(alias) else { continue }
        for (names, isShadow) in [(model.endpoints, false), (model.shadow, true)] {
          for endpoint in names.compactMap(judges.endpoint) {
            voices.append(
              PromptVoice(
                alias: alias, number: number, count: aliases.count, endpoint: endpoint,
                isShadow: isShadow))
          }
        }
      }
    }
    guard !voices.isEmpty else {
      throw Failure(
        .configuration, "C402", "no endpoint answers this judge",
        help: "endpoints:, models: and model: in petrel.yaml")
    }
    return voices
  }
}

/// A file of JSON that a command line names.
enum JSONFile {
  static func node(at path: String) throws -> JSONText.Node {
    let bytes = try FileReadings.bytes(of: path)
    do {
      return try JSONText.parse(bytes)
    } catch {
      let place = JSONProblem.position(of: error.offset, in: bytes)
      throw Failure(
        .badFile, "F501", "\(path):\(place.line):\(place.column): no JSON: \(error.message)")
    }
  }
}

/// The values of a question, out of what a person has at hand.
struct JudgeQuestion {
  let net: Net
  let transition: Transition
  let work: JudgeWork

  var prompt: Prompt { net.prompts[work.prompt] }

  /// In the order of the prompt's fields.
  func values(from json: JSONText.Node) throws -> [Value] {
    if case .object(let members) = json,
      prompt.fields.allSatisfy({ field in
        members.contains { $0.name.utf8.elementsEqual(field.name.utf8) }
      }), members.count == prompt.fields.count
    {
      return try prompt.fields.map { field in
        try read(json[field.name] ?? .null, field.colour, field.name)
      }
    }
    let frame = try frame(json)
    return try work.with.map { program in
      do throws(EvaluationError) {
        return try program.value(in: frame)
      } catch {
        throw Failure(.badFile, "T403", "`with` raises \(error.code.rawValue): \(error.message)")
      }
    }
  }

  private func frame(_ json: JSONText.Node) throws -> Frame {
    let frame = Frame(count: transition.slotCount)
    var input: Value?
    if let colour = net.caseRules.input {
      let whole = ValueReading.value(of: json, in: colour).value
      input = try whole ?? json["input"].map { try read($0, colour, "input") }
      if let input { frame.slots[Transition.Slots.input] = input }
    }
    let used = Set(work.with.flatMap(\.slots))
    let arcs =
      transition.inputs.map { ($0.variable, $0.slot, $0.place) }
      + transition.reads.map { ($0.variable, $0.slot, $0.place) }
    for (variable, slot, place) in arcs where used.contains(slot) {
      if let given = json[variable] {
        frame.slots[slot] = try read(given, net.places[place].colour, variable)
      } else if net.places[place].kind == .start, let input {
        frame.slots[slot] = input
      } else {
        throw Failure(
          .badFile, "F504", "there is no value for the variable '\(variable)'",
          help: "{\"input\": …, \"\(variable)\": …}")
      }
    }
    if used.contains(Transition.Slots.input), input == nil {
      throw Failure(.badFile, "F504", "there is no value for 'input'")
    }
    return frame
  }

  private func read(
    _ json: JSONText.Node, _ colour: ColourSet, _ name: String
  ) throws -> Value {
    let (value, problems) = ValueReading.value(of: json, in: colour)
    if let value { return value }
    let why = problems.map { "\(name)\($0.pointer): found \($0.found), expected \($0.expected)" }
    throw Failure(.badFile, "F504", why.joined(separator: "; "))
  }
}
