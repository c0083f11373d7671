/// Makes a `Net` of what an author wrote: resolves names, checks types, structure and the flow of
/// marks, and compiles every expression.
package enum NetCompiler {
  /// A compiled workflow, with the warnings and notes that loading can tell.
  package struct Compiled: Sendable {
    package var net: Net
    /// Warnings and notes, sorted by place.
    package var findings: [Finding]
  }

  /// Compiles a workflow.
  ///
  /// - Parameters:
  ///   - prompts: every prompt that judges may name; the net keeps those it uses.
  ///   - parameters: values of `petrel.yaml` and of test files, by name, over the file's defaults.
  /// - Throws: every mistake that can be told in one run, warnings and notes among them, sorted by
  ///   place; at least one is an error.
  package static func compile(
    _ source: NetSource, prompts: [Prompt] = [], parameters: [String: LiteralSource] = [:],
    context: CompilationContext = CompilationContext()
  ) throws(Findings) -> Compiled {
    throw Findings([])
  }

  /// Checks a library by itself: its declarations, without a workflow that imports it.
  ///
  /// - Returns: warnings and notes, sorted by place.
  /// - Throws: as `compile` does.
  package static func checkLibrary(
    _ source: NetSource, context: CompilationContext = CompilationContext()
  ) throws(Findings) -> [Finding] {
    throw Findings([])
  }
}
