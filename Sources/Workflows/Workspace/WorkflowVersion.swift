import PetriNet

/// What makes a version of a workflow (CONFIG §1, Version): its text, libraries, prompts and
/// parameters; another of any of them is another version.
package struct WorkflowVersion: Equatable, Sendable {
  /// SHA-256, 32 bytes.
  package var hash: [UInt8]
  /// `definition.text`: canonical JSON with the YAML under `text`.
  package var definition: String

  /// - Parameters:
  ///   - guards: The guard hash of each prompt that the net uses, one for each alias, in the order
  ///     of the net's prompts.
  ///   - sha256: The digest of bytes.
  package init(
    of workflow: Workspace.Workflow, guards: [(prompt: String, hash: [UInt8])],
    sha256: ([UInt8]) -> [UInt8]
  ) {
    func digest(_ bytes: [UInt8]) -> JSONText.Node { .string(Self.hex(sha256(bytes))) }

    let imports = Self.libraries(of: workflow.source).map { library in
      JSONText.Node.list([.string(library.name.value), digest(library.text)])
    }
    let prompts = guards.map { item in
      JSONText.Node.list([.string(item.prompt), .string(Self.hex(item.hash))])
    }
    let parameters = workflow.net.parameters.map { parameter in
      JSONText.Member(
        parameter.name, ValueWriting.node(of: parameter.value, in: parameter.colour))
    }
    var members: [JSONText.Member] = [
      .init("hash", digest(workflow.source.text)),
      .init("imports", .list(imports)),
      .init("name", .string(workflow.name.text)),
      .init("params", .object(parameters)),
      .init("prompts", .list(prompts)),
    ]
    let canonical = JSONText.Node.object(members).sortedByName.text
    hash = sha256(Array("petrel/net/1\0".utf8) + Array(canonical.utf8))
    let text = String(decoding: workflow.source.text, as: UTF8.self)
    members.append(.init("text", .string(text)))
    definition = JSONText.Node.object(members).sortedByName.text
  }

  /// Depth first in import order, each file once.
  private static func libraries(of source: NetSource) -> [NetSource] {
    var found: [NetSource] = []
    func visit(_ source: NetSource) {
      for library in source.imports
      where !found.contains(where: { $0.file.utf8.elementsEqual(library.file.utf8) }) {
        found.append(library)
        visit(library)
      }
    }
    visit(source)
    return found
  }

  private static func hex(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return String(decoding: text, as: UTF8.self)
  }
}

extension JSONText.Node {
  /// With the names of every object in the order of their bytes, as canonical JSON has them.
  var sortedByName: JSONText.Node {
    switch self {
    case .list(let items): .list(items.map(\.sortedByName))
    case .object(let members):
      .object(
        members.map { JSONText.Member($0.name, $0.value.sortedByName) }
          .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) })
    default: self
    }
  }
}
