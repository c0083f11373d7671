extension Value {
  /// CEL's `==`: numbers of different kinds are equal if their values are, `NaN` equals nothing,
  /// other kinds are never equal to each other. An erased part equals nothing.
  package func equals(_ other: Value) -> Bool { self == other }
}
