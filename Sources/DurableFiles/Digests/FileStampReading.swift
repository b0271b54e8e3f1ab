// Stamps from what the file system says.

package import BatchModel
package import Glibc

extension FileStamp {
  /// The stamp of a file of which stat, fstat or lstat said this.
  package init(_ status: stat) {
    self.init(
      sizeBytes: Int64(status.st_size), modifiedNanoseconds: Self.nanoseconds(status.st_mtim),
      changedNanoseconds: Self.nanoseconds(status.st_ctim), inode: UInt64(status.st_ino))
  }

  /// Saturates: a file may claim to be from any year.
  private static func nanoseconds(_ time: timespec) -> Int64 {
    let (product, overflow) = Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
    guard !overflow else { return time.tv_sec < 0 ? .min : .max }
    let (sum, overflowed) = product.addingReportingOverflow(Int64(time.tv_nsec))
    return overflowed ? .max : sum
  }
}
