internal import ArgumentParser
internal import Foundation

/// `petrel init`: a folder to begin with.
struct Initialise: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Write a small project into a new folder; never overwrites.",
    discussion: """
      refund: a model judges, a service pays, people approve. scraper: leases, rests and retries,
      without a model. empty: one transition.
      Examples:
        petrel init refunds --example refund
        petrel init hello --example empty
      """)

  @Argument(help: "The folder; it must not exist, or be empty.")
  var directory: String

  @Option(help: "refund, scraper or empty.")
  var example = Example.refund

  @OptionGroup var talk: TalkOptions

  enum Example: String, ExpressibleByArgument, CaseIterable { case refund, scraper, empty }

  func run() throws {
    guard !directory.isEmpty else { throw Failure(.wrongCall, "C101", "the folder has no name") }
    let manager = FileManager.default
    let present = (try? manager.contentsOfDirectory(atPath: directory)) ?? []
    guard present.isEmpty,
      !manager.fileExists(atPath: directory) || FilePathKind.isFolder(directory)
    else {
      throw Failure(
        .no, "C101", "\(directory) exists and is not empty; nothing was written",
        help: "name a new folder")
    }
    let files = ProjectTemplate.files(of: example)
    for (path, bytes) in files {
      let whole = "\(directory)/\(path)"
      let folder = whole.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        .joined(separator: "/")
      do {
        try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(fileURLWithPath: whole), options: .withoutOverwriting)
      } catch {
        throw Failure(.disk, "F136", "\(whole) cannot be written: \(error.localizedDescription)")
      }
    }
    Console.print("created \(directory)/  \(files.map(\.path).joined(separator: "  "))")
    talk.note("next: cd \(directory) && petrel check && petrel test")
  }
}

/// What stands at a path.
enum FilePathKind {
  static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue
  }
}

/// The files that `init` writes; the refund example is the house's own.
enum ProjectTemplate {
  static func files(of example: Initialise.Example) -> [(path: String, bytes: [UInt8])] {
    switch example {
    case .refund:
      [
        ("petrel.yaml", PackageResources.refund_configuration_yaml),
        ("workflows/refund-triage.yaml", PackageResources.refund_workflow_yaml),
        ("workflows/lib-payments.yaml", PackageResources.refund_library_yaml),
        ("prompts/refund-intent.md", PackageResources.refund_prompt_md),
        ("tests/refund-triage.yaml", PackageResources.refund_tests_yaml),
        (".gitignore", ignored),
      ]
    case .scraper:
      [
        ("petrel.yaml", PackageResources.scraper_configuration_yaml),
        ("workflows/scrape.yaml", PackageResources.scraper_workflow_yaml),
        ("tests/scrape.yaml", PackageResources.scraper_tests_yaml),
        (".gitignore", ignored),
      ]
    case .empty:
      [
        ("petrel.yaml", PackageResources.empty_configuration_yaml),
        ("workflows/hello.yaml", PackageResources.empty_workflow_yaml),
        ("tests/hello.yaml", PackageResources.empty_tests_yaml),
        (".gitignore", ignored),
      ]
    }
  }

  /// The log, its companions, secrets, and what is one person's own.
  private static let ignored = Array(
    """
    petrel.db
    petrel.db-wal
    petrel.db-shm
    petrel.db-proofs
    petrel.lock
    petrel.search
    petrel.keys
    petrel.kek
    petrel.signer
    petrel.signer.old
    petrel.anchors
    petrel.local.yaml

    """.utf8)
}
