/// The way from the top of a file to a part of it, by names.
struct NodePath: Equatable {
  private(set) var names: [String]

  init(_ names: String...) { self.names = names }

  subscript(_ name: String) -> NodePath {
    var path = self
    path.names.append(name)
    return path
  }

  /// `transitions.pay.then.ok`.
  var node: String { names.joined(separator: ".") }

  /// RFC 6901: `/transitions/pay/then/ok`.
  var pointer: String { names.map { "/\(JSONPointer.escaped($0))" }.joined() }
}
