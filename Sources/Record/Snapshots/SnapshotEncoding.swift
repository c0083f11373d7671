package import Engine
internal import PetriNet

/// One piece of a snapshot's text: whole lines.
package struct SnapshotChunk: Equatable, Sendable {
  package var text: [UInt8]
  package var hash: Hash256

  package init(text: [UInt8]) {
    self.text = text
    hash = Hash256(hashing: text)
  }
}

/// The fold as canonical JSON lines, in chunks (LOG §6).
///
/// Equal states give equal chunks, whatever way they came to be and whether their values are open or still
/// texts. Sealed parts stand as references; what is derived from the fold is left out.
package struct SnapshotEncoding {
  /// Version of the lines.
  package static let format: Int64 = 1
  /// A chunk ends with the first line that makes it so many bytes long, or longer.
  package static let chunkBytes = 256 * 1024

  private let state: State
  private let rowHash: Hash256
  private let chunkBytes: Int
  private var writer = BodyWriter()
  private var section: Section? = .meta
  /// Of the section: how many things stand in chunks already, and its numbers where it has many.
  private var done = 0
  private var hashes: [UInt8] = []
  private var sharedIDs: [TokenID] = []
  private var caseIDs: [CaseID] = []
  private var firingIDs: [FiringID] = []
  private var offerIDs: [TaskID] = []
  private var incidentIDs: [IncidentID] = []
  private var restLines: [[UInt8]] = []

  private enum Section: Int {
    case meta, shared, cases, firings, offers, incidents, rest
  }

  /// - Parameters:
  ///   - state: the fold of all rows up to its last one.
  ///   - rowHash: the hash of that row.
  package init(of state: State, rowHash: Hash256, chunkBytes: Int = Self.chunkBytes) {
    self.state = state
    self.rowHash = rowHash
    self.chunkBytes = chunkBytes
  }

  /// H(hashes of the chunks so far): the hash of the state when all are made.
  package var stateHash: Hash256 { Hash256(hashing: hashes) }

  /// The next chunk; nil when there are no more.
  ///
  /// - Throws: where a value cannot be stored, which the log would not have taken either.
  package mutating func next() throws(EncodingProblem) -> SnapshotChunk? {
    writer.begin(row: Seq(0), hasCase: true)
    while let section, writer.json.bytes.count < chunkBytes {
      let count = try count(of: section)
      while done < count, writer.json.bytes.count < chunkBytes {
        try line(done, of: section)
        done += 1
      }
      guard done >= count else { break }
      self.section = Section(rawValue: section.rawValue + 1)
      done = 0
    }
    guard !writer.json.bytes.isEmpty else { return nil }
    let chunk = SnapshotChunk(text: writer.json.bytes)
    hashes += chunk.hash.bytes
    return chunk
  }

  /// How many lines a section has; its numbers are sorted when it begins.
  private mutating func count(of section: Section) throws(EncodingProblem) -> Int {
    switch section {
    case .meta: return 1
    case .shared:
      if done == 0 { sharedIDs = state.shared.keys.sorted() }
      return sharedIDs.count + state.sharedAsides.count
    case .cases:
      if done == 0 { caseIDs = state.cases.keys.sorted() }
      return caseIDs.count
    case .firings:
      if done == 0 { firingIDs = state.firings.keys.sorted() }
      return firingIDs.count
    case .offers:
      if done == 0 { offerIDs = state.offers.keys.sorted() }
      return offerIDs.count
    case .incidents:
      if done == 0 { incidentIDs = state.incidents.keys.sorted() }
      return incidentIDs.count
    case .rest:
      if done == 0 {
        var rest = BodyWriter()
        try rest.snapshotRest(of: state)
        restLines = rest.json.bytes.split(separator: UInt8(ascii: "\n")).map { Array($0) }
      }
      return restLines.count
    }
  }

  private mutating func line(_ number: Int, of section: Section) throws(EncodingProblem) {
    switch section {
    case .meta: writer.snapshotMeta(of: state, rowHash)
    case .shared:
      if number < sharedIDs.count {
        guard let token = state.shared[sharedIDs[number]] else { return }
        try writer.line("shared") { (writer) throws(EncodingProblem) in
          try writer.snapshot(token, of: state)
        }
      } else {
        let aside = state.sharedAsides[number - sharedIDs.count]
        try writer.line("shared_aside") { (writer) throws(EncodingProblem) in
          writer.snapshot(aside, of: state)
        }
      }
    case .cases:
      guard let found = state.cases[caseIDs[number]] else { return }
      try writer.line("case") { (writer) throws(EncodingProblem) in
        try writer.snapshot(found, of: state)
      }
    case .firings:
      guard let firing = state.firings[firingIDs[number]] else { return }
      try writer.line("firing") { (writer) throws(EncodingProblem) in
        try writer.snapshot(firing, of: state)
      }
    case .offers:
      guard let offer = state.offers[offerIDs[number]] else { return }
      try writer.line("offer") { (writer) throws(EncodingProblem) in
        writer.snapshot(offer, of: state)
      }
    case .incidents:
      guard let incident = state.incidents[incidentIDs[number]] else { return }
      try writer.line("incident") { (writer) throws(EncodingProblem) in
        writer.snapshot(incident)
      }
    case .rest:
      writer.json.raw(restLines[number])
      writer.json.endLine()
    }
  }
}

extension SnapshotEncoding {
  /// All chunks at once, and the hash of the state.
  package static func whole(
    of state: State, rowHash: Hash256, chunkBytes: Int = Self.chunkBytes
  ) throws(EncodingProblem) -> (chunks: [SnapshotChunk], stateHash: Hash256) {
    var encoding = SnapshotEncoding(of: state, rowHash: rowHash, chunkBytes: chunkBytes)
    var chunks: [SnapshotChunk] = []
    while let chunk = try encoding.next() { chunks.append(chunk) }
    return (chunks, encoding.stateHash)
  }
}
