internal import ArgumentParser
internal import PetriNet

/// `petrel task`: what waits for people.
struct TaskVerbs: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "task", abstract: "Look at and answer what waits for people.",
    discussion: """
      Examples:
        petrel task list --group refunds
        petrel task answer t1130 approve --as ada
      """,
    subcommands: [
      TaskList.self, TaskShow.self, TaskClaim.self, TaskRelease.self, TaskAnswer.self,
    ])
}

/// `petrel task list`.
struct TaskList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Tasks that are offered, in the order of their offers.",
    discussion: """
      Examples:
        petrel task list --group refunds
        petrel task list --case c1071 -o jsonl
      """)

  @Option(help: "Offered to this group.")
  var group: String?
  @Option(name: .customLong("case"), help: "Of this case, as c1071.")
  var ofCase: String?
  @Option(help: "Of this workflow.")
  var workflow: String?
  @Option(help: "Due before this time, as 2026-01-05T09:00:00Z.")
  var dueBefore: String?
  @Flag(help: "Held by me: --as NAME.")
  var mine = false
  @OptionGroup var list: ListOptions

  func run() async throws {
    let listing = Listing(
      schema: "petrel.tasks/1",
      columns: [
        .init("TASK", "id"), .init("CASE", "case"), .init("TRANSITION", "transition"),
        .init("GROUP", "group"), .init("DUE", "due"), .init("HOLDER", "holder"),
        .init("OUTCOMES", "outcomes"), .init("TITLE", "title"),
      ])
    try await list.show(
      "/v1/tasks",
      [
        ("group", group), ("case", ofCase), ("workflow", workflow), ("due_before", dueBefore),
        ("mine", mine ? "true" : nil),
      ], as: listing)
  }
}

/// `petrel task show`.
struct TaskShow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "One task: what it shows, its outcomes and their forms.",
    discussion: """
      Examples:
        petrel task show t1130 --contents
        petrel task show t1130 --as ada -o json
      """)

  @OptionGroup var task: TaskOptions

  func run() async throws { try await task.service.show(task.path, schema: "petrel.task/1") }
}

/// `petrel task claim`.
struct TaskClaim: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "claim", abstract: "Take a task for 15 minutes; again renews it.",
    discussion: """
      Examples:
        petrel task claim t1130 --as ada
        petrel task claim t1130 --as ada --url http://127.0.0.1:7875
      """)

  @OptionGroup var task: TaskOptions

  func run() async throws { try await task.move("claim") }
}

/// `petrel task release`.
struct TaskRelease: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "release", abstract: "Give a task back.",
    discussion: """
      Examples:
        petrel task release t1130 --as ada
        petrel task release t1130 --as ada -o json
      """)

  @OptionGroup var task: TaskOptions

  func run() async throws { try await task.move("release") }
}

/// `petrel task answer`.
struct TaskAnswer: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "answer", abstract: "Answer a task with one of its outcomes.",
    discussion: """
      Examples:
        petrel task answer t1130 approve --as ada
        petrel task answer t1130 reject --form '{"why":"no receipt"}' --note "called twice" --as ada
      """)

  @Argument(help: "The task, as t1130.")
  var id: String
  @Argument(help: "The outcome, by name.")
  var outcome: String
  @Option(help: "The fields that the outcome asks for, as JSON.")
  var form: String?
  @Option(help: "A note, kept with the answer.")
  var note: String?
  @OptionGroup var service: ServiceOptions

  func run() async throws {
    var members = [JSONText.Member("outcome", .string(outcome))]
    if let form { members.append(.init("form", try Committing.json(form, "--form"))) }
    if let note { members.append(.init("note", .string(note))) }
    try await service.move(
      TaskOptions.path(of: id), "answer", .object(members), schema: "petrel.task-answer/1")
  }
}

/// One task, and where it is.
struct TaskOptions: ParsableArguments {
  @Argument(help: "The task, as t1130.")
  var id: String
  @OptionGroup var service: ServiceOptions

  var path: String { Self.path(of: id) }

  static func path(of id: String) -> String { "/v1/tasks/\(ServiceClient.encoded(id))" }

  /// Under the state that the task is in now.
  fileprivate func move(_ verb: String) async throws {
    try await service.move(path, verb, .object([]), schema: "petrel.task-\(verb)/1")
  }
}
