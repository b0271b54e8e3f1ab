// Strings in the form that execve wants: one array of pointers into one block of bytes.

import Glibc

/// A null-terminated array of C strings.
struct CStringBlock: ~Copyable {
  let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
  private let bytes: UnsafeMutablePointer<CChar>

  /// Copies the strings; `nil` when one contains a NUL byte, which C would cut it at.
  init?(_ strings: [String]) {
    let byteCount = strings.reduce(0) { $0 + $1.utf8.count + 1 }
    pointers = .allocate(capacity: strings.count + 1)
    bytes = .allocate(capacity: max(byteCount, 1))
    var next = bytes
    var isCut = false
    for (index, string) in strings.enumerated() {
      pointers[index] = next
      var string = string
      let count = string.withUTF8 { source in
        if let base = source.baseAddress { memcpy(next, base, source.count) }
        return source.count
      }
      next[count] = 0
      if strlen(next) != count { isCut = true }
      next += count + 1
    }
    pointers[strings.count] = nil
    // What is initialized by now is given back by deinit.
    if isCut { return nil }
  }

  deinit {
    pointers.deallocate()
    bytes.deallocate()
  }
}
