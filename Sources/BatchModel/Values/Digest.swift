// SHA-256 digests of bytes and streams, in their one textual form.

import CCrypto

/// A SHA-256 digest; its text is `sha256:<64 hex>`.
package struct Digest: Hashable, Sendable, TextCoded {
  package static let form = "sha256:<64 hexadecimal digits>"

  /// 64 lower-case hexadecimal digits.
  package let hex: String

  /// The digest of `bytes`.
  package init(of bytes: some Sequence<UInt8>) {
    var hasher = DigestHasher()
    hasher.update(bytes)
    self = hasher.finish()
  }

  /// The digest of a text's UTF-8 bytes.
  package init(of text: String) { self.init(of: text.utf8) }

  /// Reads `sha256:<64 hex>` or the bare 64 digits; `nil` for anything else.
  package init?(_ text: String) {
    let digits = text.hasPrefix("sha256:") ? text.dropFirst(7) : Substring(text)
    guard digits.utf8.count == 64, digits.utf8.allSatisfy(Self.isLowerHex) else { return nil }
    hex = String(digits)
  }

  fileprivate init(bytes: [UInt8]) {
    let digits = Array("0123456789abcdef".utf8)
    hex = String(unsafeUninitializedCapacity: bytes.count * 2) { buffer in
      for (index, byte) in bytes.enumerated() {
        buffer[index * 2] = digits[Int(byte >> 4)]
        buffer[index * 2 + 1] = digits[Int(byte & 15)]
      }
      return bytes.count * 2
    }
  }

  package var description: String { "sha256:" + hex }

  private static func isLowerHex(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (97...102).contains(byte)
  }
}

/// A SHA-256 computation in constant memory: feed it chunks, then finish it once.
///
/// By libcrypto's functions of that one sum: the general ones first start the whole library, which
/// takes as long as the sums of a megabyte.
package struct DigestHasher: ~Copyable {
  private var context = SHA256_CTX()

  package init() { precondition(SHA256_Init(&context) == 1, "SHA-256 start") }

  /// Adds raw bytes.
  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.baseAddress, !bytes.isEmpty else { return }
    precondition(SHA256_Update(&context, base, bytes.count) == 1, "SHA-256 update")
  }

  /// Adds a sequence of bytes; contiguous storage is not copied.
  package mutating func update(_ bytes: some Sequence<UInt8>) {
    let done: Void? = bytes.withContiguousStorageIfAvailable { update(UnsafeRawBufferPointer($0)) }
    if done == nil { Array(bytes).withUnsafeBytes { update($0) } }
  }

  /// The digest of all that was added.
  package consuming func finish() -> Digest {
    var bytes = [UInt8](repeating: 0, count: 32)
    precondition(SHA256_Final(&bytes, &context) == 1, "SHA-256 final")
    return Digest(bytes: bytes)
  }
}
