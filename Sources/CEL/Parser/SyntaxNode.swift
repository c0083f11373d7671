/// An expression as it was written, before names mean anything.
struct SyntaxNode: Sendable {
  indirect enum Kind: Sendable {
    case literal(Value)
    /// `isAbsolute` if written with a leading dot.
    case identifier(String, isAbsolute: Bool)
    case select(SyntaxNode, field: String, fieldRange: Range<Int>, isOptional: Bool)
    case index(SyntaxNode, SyntaxNode, isOptional: Bool)
    case call(Call)
    case list([(value: SyntaxNode, isOptional: Bool)])
    case map([(key: SyntaxNode, value: SyntaxNode, isOptional: Bool)])
    case unary(Function, SyntaxNode)
    case binary(Function, SyntaxNode, SyntaxNode)
    case and([SyntaxNode])
    case or([SyntaxNode])
    case conditional(SyntaxNode, SyntaxNode, SyntaxNode)
  }

  struct Call: Sendable {
    var name: String
    var nameRange: Range<Int>
    var isAbsolute: Bool
    var receiver: SyntaxNode?
    var arguments: [SyntaxNode]
  }

  var kind: Kind
  var range: Range<Int>
  /// Levels below and including this one.
  var depth: Int

  /// Set if the node is a plain name.
  var simpleName: String? {
    if case .identifier(let name, isAbsolute: false) = kind { return name }
    return nil
  }
}
