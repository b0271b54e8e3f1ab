// The machine that an engine runs on, for display and for telling a reboot from a crash.

import Foundation
import Glibc

/// What is recorded of the host.
package enum Host {
  /// Changes with every boot.
  package static var bootID: String {
    // A container may hide it; then a crash and a reboot look alike, and both are recovered.
    (try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8))?
      .trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
  }

  package static var name: String { ProcessInfo.processInfo.hostName }
  package static var pid: Int32 { getpid() }
}
