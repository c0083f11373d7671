import Engine
import HTTPTypes
import PetriNet

/// Who sends a request. On a loopback listener without login that is `local`, or `local:ada` when
/// `Petrel-Person` says so: an assertion, on record as one.
enum Identity {
  static let nameBytesMax = 128

  /// - Throws: `person-invalid` for a name that is empty, too long, or holds what cannot be seen: two
  ///   names that look alike are one person with two voices.
  static func subject(of headers: HTTPFields) throws(Problem) -> Subject {
    let given = headers[values: .petrelPerson]
    guard let value = given.first else { return .local }
    guard given.count == 1, let name = APIName.decoded(value), !name.isEmpty,
      name.utf8.count <= nameBytesMax, !name.unicodeScalars.contains(where: VisibleText.isHidden),
      isSpacedPlainly(name)
    else {
      throw Problem(
        .personInvalid,
        "Petrel-Person is one name of 1 to \(nameBytesMax) bytes in percent-encoded UTF-8, with "
          + "no space at its ends.")
    }
    return Subject("local:\(name)")
  }

  /// Whether words are parted by one plain space each, and none stands at an end.
  private static func isSpacedPlainly(_ name: String) -> Bool {
    let words = name.unicodeScalars.split(separator: " ", omittingEmptySubsequences: false)
    return words.allSatisfy { word in
      !word.isEmpty && !word.contains { $0.properties.isWhitespace }
    }
  }

  /// `ada (local)`; other subjects as they are.
  static func shown(_ subject: Subject) -> String {
    let prefix = "local:"
    guard subject.text.utf8.starts(with: prefix.utf8) else { return subject.text }
    return "\(subject.text.dropFirst(prefix.count)) (local)"
  }
}
