/// Rounding and the square root without the C library's `libm`, which nothing here links.
extension Double {
  /// Without what stands behind the point.
  var truncated: Double {
    // From 2 ^ 52 on there is nothing behind the point.
    guard magnitude < 0x1p52 else { return self }
    let whole = Double(Int64(magnitude))
    return sign == .minus ? -whole : whole
  }

  var roundedDown: Double { self < truncated ? truncated - 1 : truncated }

  var roundedUp: Double { self > truncated ? truncated + 1 : truncated }

  /// To the nearest whole number, halves away from zero.
  var roundedHalfAway: Double {
    let whole = magnitude.truncated
    let rounded = magnitude - whole >= 0.5 ? whole + 1 : whole
    return sign == .minus ? -rounded : rounded
  }

  /// Correctly rounded; `NaN` of a negative number.
  var root: Double {
    guard self > 0, isFinite else { return self < 0 ? .nan : self }
    var significand = significandBitPattern
    var exponent = -1_074
    if isNormal {
      significand |= 1 << 52
      exponent = Int(self.exponent) - 52
    }
    while significand < 1 << 52 {
      significand <<= 1
      exponent -= 1
    }
    if exponent % 2 != 0 {
      significand <<= 1
      exponent -= 1
    }
    let square = UInt128(significand) << 56
    let root = Self.integerRoot(of: square)
    // Three bits more than a double has, the last of them for what the integer root leaves out, so
    // that the conversion rounds as the exact root would.
    let scaled = UInt64(root) << 1 | (root * root == square ? 0 : 1)
    let power = (exponent - 56) / 2 - 1
    return Double(scaled) * Double(bitPattern: UInt64(1_023 + power) << 52)
  }

  private static func integerRoot(of square: UInt128) -> UInt128 {
    var root: UInt128 = 0
    for bit in (0..<56).reversed() {
      let candidate = root | 1 << bit
      if candidate * candidate <= square { root = candidate }
    }
    return root
  }
}
