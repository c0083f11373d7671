internal import CEL

/// The name of a place as the log spells it: a case place by its name, a shared or message place
/// as `owner/place`. NFC; two are equal if their bytes are.
package struct PlaceName: Hashable, Comparable, Sendable {
  package let text: String

  package init(_ text: String) { self.text = text }

  /// A shared or message place, which belongs to the file that declares it.
  package init(owner: String, place: String) { text = "\(owner)/\(place)" }

  /// Whether its tokens are of no case.
  package var isOwned: Bool { text.utf8.contains(UInt8(ascii: "/")) }

  package static func == (left: PlaceName, right: PlaceName) -> Bool {
    left.text.hasSameBytes(as: right.text)
  }

  package static func < (left: PlaceName, right: PlaceName) -> Bool {
    left.text.comesBefore(right.text)
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(bytesOf: text) }
}

/// The name of a transition in its file. NFC.
package struct TransitionName: Hashable, Comparable, Sendable {
  package let text: String

  package init(_ text: String) { self.text = text }

  package static func == (left: TransitionName, right: TransitionName) -> Bool {
    left.text.hasSameBytes(as: right.text)
  }

  package static func < (left: TransitionName, right: TransitionName) -> Bool {
    left.text.comesBefore(right.text)
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(bytesOf: text) }
}

/// The name of a workflow. NFC.
package struct WorkflowName: Hashable, Comparable, Sendable {
  package let text: String

  package init(_ text: String) { self.text = text }

  package static func == (left: WorkflowName, right: WorkflowName) -> Bool {
    left.text.hasSameBytes(as: right.text)
  }

  package static func < (left: WorkflowName, right: WorkflowName) -> Bool {
    left.text.comesBefore(right.text)
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(bytesOf: text) }
}

/// The name of an action (`payments.refund`). NFC.
package struct ActionName: Hashable, Comparable, Sendable {
  package let text: String

  package init(_ text: String) { self.text = text }

  package static func == (left: ActionName, right: ActionName) -> Bool {
    left.text.hasSameBytes(as: right.text)
  }

  package static func < (left: ActionName, right: ActionName) -> Bool {
    left.text.comesBefore(right.text)
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(bytesOf: text) }
}

extension Hasher {
  /// The UTF-8 bytes, so that canonical equivalents stay apart.
  mutating func combine(bytesOf text: String) {
    var text = text
    text.withUTF8 { combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}
