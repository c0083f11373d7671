@_spi(_Unicode) import Swift

extension String {
  /// In Unicode's Normalization Form C; what names are brought to before their bytes are compared.
  package var inFormC: String {
    utf8.allSatisfy { $0 < 0x80 } ? self : String(String.UnicodeScalarView(_nfc))
  }
}
