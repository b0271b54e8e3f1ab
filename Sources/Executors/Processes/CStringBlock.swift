// Strings in the form that execve wants: one array of pointers into one block of bytes.

/// A null-terminated array of C strings.
struct CStringBlock: ~Copyable {
  let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
  private let bytes: UnsafeMutablePointer<CChar>

  /// Copies the strings; `nil` when one contains a NUL byte, which C would cut it at.
  init?(_ strings: [String]) {
    var byteCount = 0
    for string in strings {
      if string.utf8.contains(0) { return nil }
      byteCount += string.utf8.count + 1
    }
    pointers = .allocate(capacity: strings.count + 1)
    bytes = .allocate(capacity: max(byteCount, 1))
    var next = bytes
    for (index, string) in strings.enumerated() {
      pointers[index] = next
      var string = string
      let count = string.withUTF8 { source in
        for (offset, byte) in source.enumerated() { next[offset] = CChar(bitPattern: byte) }
        return source.count
      }
      next[count] = 0
      next += count + 1
    }
    pointers[strings.count] = nil
  }

  deinit {
    pointers.deallocate()
    bytes.deallocate()
  }
}
