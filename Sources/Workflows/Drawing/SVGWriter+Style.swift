extension SVGWriter {
  static let markers = """
    <defs><marker id="petrel-arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" \
    markerHeight="8" orient="auto" markerUnits="userSpaceOnUse"><path class="tip" d="M0 0L8 4L0 8Z"/>\
    </marker><marker id="petrel-ring" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" \
    markerHeight="8" markerUnits="userSpaceOnUse"><circle class="ring" cx="4" cy="4" r="3.2"/>\
    </marker><marker id="petrel-cross" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" \
    markerHeight="8" markerUnits="userSpaceOnUse"><path class="cross" d="M1 1L7 7M7 1L1 7"/>\
    </marker></defs>
    """

  /// Light, and dark where the reader's system is.
  static let style = """
    .petrel-net{color-scheme:light dark;--ink:#1b1f24;--soft:#57606a;--paper:#ffffff;\
    --box:#ffffff;--edge:#57606a;--shared:#eef1f5;--plain:#e7eaee;--choose:#e4e0f7;\
    --judge:#fde9c8;--action:#d5ecd9;--task:#d6e6fa;--call:#f7dce6;--mark:#b3261e;\
    --mark-ink:#ffffff;font-family:ui-monospace,"DejaVu Sans Mono","Noto Sans Mono CJK KR",\
    "Noto Sans Mono CJK JP",monospace}
    @media (prefers-color-scheme:dark){.petrel-net{--ink:#e6edf3;--soft:#9da7b3;--paper:#0d1117;\
    --box:#161b22;--edge:#8b949e;--shared:#20262e;--plain:#2d333b;--choose:#39325c;\
    --judge:#59431a;--action:#1f4a2b;--task:#1c3d66;--call:#5a2840;--mark:#ffb4a8;\
    --mark-ink:#3b0a06}}
    .petrel-net .paper{fill:var(--paper)}
    .petrel-net .headline{fill:var(--ink);font-size:15px;font-weight:600}
    .petrel-net .box{fill:var(--box);stroke:var(--edge);stroke-width:1.2}
    .petrel-net .inner{fill:none;stroke:var(--edge);stroke-width:1}
    .petrel-net .start .box{stroke-width:2.6}
    .petrel-net .shared .box,.petrel-net .message .box{fill:var(--shared)}
    .petrel-net .name{fill:var(--ink);font-size:12px}
    .petrel-net .note{fill:var(--soft);font-size:10.5px}
    .petrel-net .head{fill:var(--plain)}
    .petrel-net .choose .head{fill:var(--choose)}
    .petrel-net .judge .head{fill:var(--judge)}
    .petrel-net .action .head{fill:var(--action)}
    .petrel-net .task .head{fill:var(--task)}
    .petrel-net .call .head{fill:var(--call)}
    .petrel-net .sign{fill:none;stroke:var(--ink);stroke-width:1.3}
    .petrel-net .sign-text{fill:var(--ink);font-size:12px;font-weight:700}
    .petrel-net .line{fill:none;stroke:var(--edge);stroke-width:1.2}
    .petrel-net .line.fallback{stroke-dasharray:6 4}
    .petrel-net .line.read{stroke-dasharray:1.5 3.5}
    .petrel-net .line.cancel{stroke-dasharray:8 3 2 3}
    .petrel-net .tip{fill:var(--edge)}
    .petrel-net .ring{fill:var(--paper);stroke:var(--edge);stroke-width:1.2}
    .petrel-net .cross{fill:none;stroke:var(--edge);stroke-width:1.4}
    .petrel-net .clock{fill:none;stroke:var(--soft);stroke-width:1}
    .petrel-net .badge{fill:var(--mark)}
    .petrel-net .badge-text{fill:var(--mark-ink);font-size:10.5px;font-weight:700}
    """

  /// The sign of a kind, left in the head of its box.
  static func sign(of kind: NetDrawing.TransitionKind) -> String {
    switch kind {
    case .plain: "<path class=\"sign\" d=\"M8 12H17M13.5 8.5L17 12L13.5 15.5\"/>"
    case .choose: "<path class=\"sign\" d=\"M12 7L17 12L12 17L7 12Z\"/>"
    case .judge: character("?")
    case .action: character("!")
    case .task: character("@")
    case .call: character("&#38;")
    }
  }

  private static func character(_ text: String) -> String {
    "<text class=\"sign-text\" x=\"12\" y=\"16.5\" text-anchor=\"middle\">\(text)</text>"
  }
}
