import PetriNet
import Workflows

/// One mistake that is put into a good file.
struct Slip: Sendable, CustomStringConvertible {
  var file: String
  /// Stands in the file once, or its first occurrence is meant.
  var old: String
  var new: String
  /// The part of the file that it spoils; slips of one part, or of a part of that part, are not
  /// told apart by anybody.
  var part: String
  /// Whether it takes names or arcs away that claims about the whole net need.
  var hidesArcs = false

  /// Whether it is a mistake only by what the library declares.
  var needsLibrary: Bool

  init(
    _ part: String, needsLibrary: Bool = false, _ old: String, _ new: String,
    hidesArcs: Bool = false
  ) {
    file = ""
    self.needsLibrary = needsLibrary
    (self.part, self.old, self.new, self.hidesArcs) = (part, old, new, hidesArcs)
  }

  func of(_ file: String) -> Slip {
    var slip = self
    slip.file = file
    return slip
  }

  var description: String { "\(file): \(old) → \(new)" }

  func spoilsPart(of other: Slip) -> Bool {
    guard file == other.file else { return false }
    let (mine, others) = (part.split(separator: "."), other.part.split(separator: "."))
    return mine.starts(with: others) || others.starts(with: mine)
  }
}

/// A project, with slips in it or without.
struct SpoiltProject {
  /// What is told, by code and place.
  struct Told: Hashable, CustomStringConvertible {
    var code: String
    var file: String
    /// In Unicode scalars from the beginning of the file.
    var offset: Int

    var description: String { "\(code) \(file)@\(offset)" }
  }

  let files: [String: String]
  private let originals: [String: String]

  init(_ originals: [String: String], _ slips: [Slip] = []) {
    self.originals = originals
    var files = originals
    for (name, text) in originals {
      var scalars = Array(text.unicodeScalars)
      let edits = slips.filter { $0.file == name }.compactMap { slip in
        Self.range(of: slip, in: text).map { ($0, Array(slip.new.unicodeScalars)) }
      }
      for (range, new) in edits.sorted(by: { $0.0.lowerBound > $1.0.lowerBound }) {
        scalars.replaceSubrange(range, with: new)
      }
      var view = String.UnicodeScalarView()
      view.append(contentsOf: scalars)
      files[name] = String(view)
    }
    self.files = files
  }

  static func range(of slip: Slip, in text: String) -> Range<Int>? {
    let (scalars, wanted) = (Array(text.unicodeScalars), Array(slip.old.unicodeScalars))
    guard scalars.count >= wanted.count else { return nil }
    let start = (0...(scalars.count - wanted.count)).first { start in
      scalars[start..<(start + wanted.count)].elementsEqual(wanted)
    }
    return start.map { $0..<($0 + wanted.count) }
  }

  func told() -> Set<Told> {
    let configuration = ConfigurationReader.read([
      ConfigurationFile(path: "petrel.yaml", bytes: Array((files["petrel.yaml"] ?? "").utf8))
    ])
    let workspace = Workspace.load(
      configuration.configuration,
      workflowPaths: ["workflows/refund-triage.yaml"],
      promptPaths: ["prompts/refund-intent.md"], files: FileSource(files))
    let findings = configuration.findings + workspace.findings
    return Set(
      findings.map { finding in
        let text = files[finding.mark.file] ?? ""
        var offset = finding.mark.column - 1
        var line = 1
        for (index, scalar) in text.unicodeScalars.enumerated() where scalar == "\n" {
          line += 1
          if line == finding.mark.line { offset += index + 1 }
        }
        return Told(code: finding.code, file: finding.mark.file, offset: offset)
      })
  }

  /// Where what `slip` alone makes told stands once `other` is in the file too; nil if `other` has
  /// replaced that place.
  static func moved(_ told: Told, of slip: Slip, by other: Slip, in text: String) -> Told? {
    guard told.file == other.file, let theirs = range(of: other, in: text) else { return told }
    var start = theirs.lowerBound
    if slip.file == other.file, let mine = range(of: slip, in: text),
      mine.lowerBound < theirs.lowerBound
    {
      start += slip.new.unicodeScalars.count - slip.old.unicodeScalars.count
    }
    if told.offset <= start { return told }
    guard told.offset >= start + theirs.count else { return nil }
    var result = told
    result.offset += other.new.unicodeScalars.count - theirs.count
    return result
  }
}
