package import Engine
internal import PetriNet

extension EndCount {
  /// Of an `ended_in` as it stands in a body.
  package static func counts(_ text: [UInt8]) throws(CanonicalProblem) -> [EndCount] {
    var reader = CanonicalReader(text)
    var counts: [EndCount] = []
    try reader.entries { (reader, place) throws(CanonicalProblem) in
      counts.append(EndCount(place: PlaceName(place), count: Int(try reader.int())))
    }
    return counts
  }
}
