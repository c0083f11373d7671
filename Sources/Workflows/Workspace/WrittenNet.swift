/// A net that was written in Swift, as the file that it stands for.
package struct WrittenNet: Sendable {
  package var name: String
  package var yaml: String
  /// By the names under which it imports them.
  package var libraries: [(file: String, yaml: String)]

  package init(name: String, yaml: String, libraries: [(file: String, yaml: String)] = []) {
    self.name = name
    self.yaml = yaml
    self.libraries = libraries
  }

  /// Where findings say that they are.
  package var path: String { "\(name) (written in Swift)/\(name).yaml" }
}
