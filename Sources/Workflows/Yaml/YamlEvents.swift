import CYaml

/// A place in a text as libyaml tells it; all three from 0, in Unicode scalars.
struct YamlMark {
  var index: Int
  var line: Int
  var column: Int

  fileprivate init(_ mark: yaml_mark_t) {
    index = Int(mark.index)
    line = Int(mark.line)
    column = Int(mark.column)
  }
}

/// One event of libyaml's parser, copied out of its memory.
struct YamlEvent {
  enum Kind {
    case documentStart(hasDirectives: Bool)
    case documentEnd
    case alias
    case scalar(text: String, style: YamlNode.Style)
    case listStart
    case listEnd
    case mapStart(isFlow: Bool)
    case mapEnd
  }

  var kind: Kind
  var hasAnchor = false
  var tag: String?
  var start: YamlMark
  var end: YamlMark
}

/// What libyaml says when a text is no YAML.
struct YamlSyntaxError {
  var problem: String
  var context: String
  var mark: YamlMark
  var contextMark: YamlMark
}

/// The events of a text. The only file that touches libyaml's pointers.
enum YamlEvents {
  /// All the events up to the end or to the first syntax error, which ends the reading.
  static func read(_ bytes: [UInt8]) -> (events: [YamlEvent], error: YamlSyntaxError?) {
    let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
    defer { parser.deallocate() }
    guard yaml_parser_initialize(parser) == 1 else {
      preconditionFailure("libyaml found no memory for a parser")
    }
    defer { yaml_parser_delete(parser) }
    return bytes.withUnsafeBufferPointer { buffer in
      var empty: UInt8 = 0
      return withUnsafePointer(to: &empty) { none in
        yaml_parser_set_input_string(parser, buffer.baseAddress ?? none, buffer.count)
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        return events(of: parser)
      }
    }
  }

  private static func events(
    of parser: UnsafeMutablePointer<yaml_parser_t>
  ) -> (events: [YamlEvent], error: YamlSyntaxError?) {
    var events: [YamlEvent] = []
    while true {
      var raw = yaml_event_t()
      guard yaml_parser_parse(parser, &raw) == 1 else {
        return (events, error(of: parser.pointee))
      }
      defer { yaml_event_delete(&raw) }
      if raw.type == YAML_STREAM_END_EVENT || raw.type == YAML_NO_EVENT { return (events, nil) }
      if let event = event(raw) { events.append(event) }
    }
  }

  private static func event(_ raw: yaml_event_t) -> YamlEvent? {
    var event = YamlEvent(
      kind: .documentEnd, start: YamlMark(raw.start_mark), end: YamlMark(raw.end_mark))
    switch raw.type {
    case YAML_DOCUMENT_START_EVENT:
      let data = raw.data.document_start
      event.kind = .documentStart(
        hasDirectives: data.version_directive != nil
          || data.tag_directives.start != data.tag_directives.end)
    case YAML_DOCUMENT_END_EVENT: event.kind = .documentEnd
    case YAML_ALIAS_EVENT: event.kind = .alias
    case YAML_SCALAR_EVENT:
      let data = raw.data.scalar
      let text = UnsafeBufferPointer(start: data.value, count: data.length)
      event.kind = .scalar(
        text: String(decoding: text, as: UTF8.self), style: style(data.style))
      event.hasAnchor = data.anchor != nil
      event.tag = string(data.tag)
    case YAML_SEQUENCE_START_EVENT:
      let data = raw.data.sequence_start
      event.kind = .listStart
      event.hasAnchor = data.anchor != nil
      event.tag = string(data.tag)
    case YAML_SEQUENCE_END_EVENT: event.kind = .listEnd
    case YAML_MAPPING_START_EVENT:
      let data = raw.data.mapping_start
      event.kind = .mapStart(isFlow: data.style == YAML_FLOW_MAPPING_STYLE)
      event.hasAnchor = data.anchor != nil
      event.tag = string(data.tag)
    case YAML_MAPPING_END_EVENT: event.kind = .mapEnd
    default: return nil
    }
    return event
  }

  private static func style(_ style: yaml_scalar_style_t) -> YamlNode.Style {
    switch style {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
    case YAML_LITERAL_SCALAR_STYLE: .literal
    case YAML_FOLDED_SCALAR_STYLE: .folded
    default: .plain
    }
  }

  private static func string(_ pointer: UnsafeMutablePointer<UInt8>?) -> String? {
    pointer.map { String(cString: $0) }
  }

  private static func error(of parser: yaml_parser_t) -> YamlSyntaxError {
    YamlSyntaxError(
      problem: parser.problem.map { String(cString: $0) } ?? "",
      context: parser.context.map { String(cString: $0) } ?? "",
      mark: YamlMark(parser.problem_mark), contextMark: YamlMark(parser.context_mark))
  }
}
