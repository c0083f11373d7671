internal import CEL
internal import Foundation
internal import Petrel
internal import PetriNet
internal import Workflows

/// What stands around the working folder: the configuration and the workflows it names.
struct Project {
  var configuration: Configuration
  var loaded: LoadedConfiguration
  var workspace: Workspace
  /// The configuration files that were read, lowest first.
  var files: [String]
  private var workflowPaths: [String]
  private var promptPaths: [String]
  /// Not where the user named files.
  private var hasWrittenNets: Bool

  /// Reads `petrel.yaml` (found upwards from the working folder), its companions, and the workflows.
  ///
  /// - Parameter paths: workflow files named by the user, in place of those the configuration names.
  /// - Throws: `Failure` for a configuration that cannot be used, after telling all that is wrong.
  static func load(paths: [String] = []) throws -> Project {
    let (loaded, files) = try loadedConfiguration()
    let configuration = loaded.configuration
    let named = paths.isEmpty ? configuration.workflows.flatMap { Glob.paths($0.value) } : paths
    let workflows = paths.isEmpty ? named.filter { !isLibrary($0) } : named
    let prompts = Glob.paths("\(configuration.prompts.value)/*.md")
    var project = Project(
      configuration: configuration, loaded: loaded, workspace: Workspace(), files: files,
      workflowPaths: workflows, promptPaths: prompts, hasWrittenNets: paths.isEmpty)
    project.workspace = project.load(configuration)
    if paths.isEmpty { project.workspace.add(namedInVain(configuration)) }
    guard !loaded.hasErrors else {
      project.workspace.add(loaded.findings)
      let text = Console.diagnostics(project.workspace.texts).text(of: project.workspace.findings)
      Console.note(text)
      throw Failure(.configuration)
    }
    return project
  }

  /// What `petrel.yaml` names and is not there; what nobody wrote down may be missing.
  private static func namedInVain(_ configuration: Configuration) -> [Finding] {
    let globs = configuration.workflows.filter { Glob.paths($0.value).isEmpty }.map {
      ($0.mark, "workflows", "no file is called '\($0.value)'")
    }
    let folder = configuration.prompts
    let folders =
      FilePathKind.isFolder(folder.value)
      ? [] : [(folder.mark, "prompts", "there is no folder '\(folder.value)'")]
    return (globs + folders).filter { $0.0 != .none }.map { mark, node, message in
      Finding(
        "F131", message, at: mark, node: node, severity: .warning,
        found: "no such file", expected: "one that is there")
    }
  }

  /// The workflows as another configuration has them.
  func load(_ configuration: Configuration) -> Workspace {
    var workspace = Workspace.load(
      configuration, workflowPaths: workflowPaths, promptPaths: promptPaths, files: .disk,
      written: hasWrittenNets ? Self.writtenNets : [],
      context: CompilationContext(timeZones: ZoneFiles.zones))
    for file in files {
      if let bytes = try? FileSource.disk.read(file) { workspace.texts.add(bytes, as: file) }
    }
    return workspace
  }

  /// The nets of this binary.
  private static var writtenNets: [WrittenNet] {
    Application.workflows.map {
      WrittenNet(name: $0.name, yaml: $0.yaml, libraries: $0.libraries)
    }
  }

  /// The configuration alone.
  ///
  /// - Throws: `Failure` for one that cannot be used, after telling all that is wrong.
  static func readConfiguration() throws -> (LoadedConfiguration, [String]) {
    let (loaded, files) = try loadedConfiguration()
    guard !loaded.hasErrors else {
      var texts = SourceTexts()
      for file in files {
        if let bytes = try? FileSource.disk.read(file) { texts.add(bytes, as: file) }
      }
      Console.note(Console.diagnostics(texts).text(of: loaded.findings))
      throw Failure(.configuration)
    }
    return (loaded, files)
  }

  /// The configuration with its mistakes.
  private static func loadedConfiguration() throws -> (LoadedConfiguration, [String]) {
    let files = try configurationFiles()
    let contents = try files.map { path in
      do {
        return ConfigurationFile(path: path, bytes: try FileSource.disk.read(path))
      } catch {
        throw Failure(.configuration, "F131", "\(path) cannot be read")
      }
    }
    let loaded = ConfigurationReader.read(contents.reversed(), context: .spoken)
    return (loaded, files)
  }

  /// Lowest first: home, then petrel.yaml found upwards, then its local companion.
  ///
  /// - Throws: `Failure` for a file named in the environment that is not there.
  private static func configurationFiles() throws -> [String] {
    let manager = FileManager.default
    var files: [String] = []
    let environment = ProcessInfo.processInfo.environment
    if let home = environment["HOME"] {
      files.append("\(home)/.config/petrel/config.yaml")
    }
    if let named = environment["PETREL_CONFIG"] {
      // Several may be given, lowest first.
      for path in named.split(separator: ":").map(String.init) {
        guard manager.fileExists(atPath: path) else {
          throw Failure(.configuration, "F131", "there is no file \(path), named by PETREL_CONFIG")
        }
        files.append(path)
      }
    } else {
      var prefix = ""
      for _ in 0..<32 {
        if manager.fileExists(atPath: "\(prefix)petrel.yaml") {
          files += ["\(prefix)petrel.yaml", "\(prefix)petrel.local.yaml"]
          break
        }
        prefix += "../"
        if manager.currentDirectoryPath.split(separator: "/").count * 3 < prefix.count { break }
      }
    }
    return files.filter { manager.fileExists(atPath: $0) }
  }

  /// Libraries are read when they are imported, not by a glob.
  private static func isLibrary(_ path: String) -> Bool {
    guard let bytes = try? FileSource.disk.read(path) else { return false }
    let text = String(decoding: bytes.prefix(4_096), as: UTF8.self)
    return text.hasPrefix("library:") || text.contains("\nlibrary:")
  }

  /// Refuses to go on with files that have errors, after telling everything.
  func requireNoErrors() throws {
    guard workspace.hasErrors else { return }
    Console.note(Console.diagnostics(workspace.texts).text(of: workspace.findings))
    let isOfConfiguration = workspace.findings.contains {
      $0.severity == .error && $0.code.hasPrefix("C")
    }
    throw Failure(isOfConfiguration ? .configuration : .badFile)
  }

  /// The workflow of this name, or the only one.
  func workflow(named name: String?) throws -> Workspace.Workflow {
    if let name {
      if let found = workspace.workflow(named: name) { return found }
      let names = workspace.workflows.map(\.name.text)
      let nearest = Nearest.name(to: name, among: names).map { "; nearest: \($0)" } ?? ""
      throw Failure(
        .noSuchFile, "C101",
        "there is no workflow '\(name)'; there are \(names.joined(separator: ", "))\(nearest)")
    }
    guard workspace.workflows.count == 1, let only = workspace.workflows.first else {
      throw Failure(.wrongCall, "C101", "name a workflow: there are several")
    }
    return only
  }
}

/// The time zones of the system, read once.
enum ZoneFiles {
  static let zones = read()

  private static func read() -> TimeZones {
    let root = URL(fileURLWithPath: "/usr/share/zoneinfo")
    var zones = TimeZones()
    let found = FileManager.default.enumerator(atPath: root.path)
    while let name = found?.nextObject() as? String {
      let isSkipped = name.hasPrefix("posix/") || name.hasPrefix("right/") || name.contains(".")
      guard !isSkipped, let data = FileManager.default.contents(atPath: "\(root.path)/\(name)"),
        data.starts(with: Array("TZif".utf8))
      else { continue }
      _ = zones.add(name, [UInt8](data))
    }
    return zones
  }
}
