// DISK_LOW: little room is left where the store and the objects grow.

import BatchModel

extension DoctorCheck {
  private static let bytesMin: Int64 = 256 << 20

  static let diskLow = DoctorCheck(.diskLow) { examination in
    let folder = examination.hasState ? examination.layout.state : examination.layout.root
    guard let free = examination.host.freeBytes(folder), free < bytesMin else { return [] }
    return [
      Finding(
        .diskLow, .warning, folder, "only \(free >> 20) MB are free", .byHand,
        "footplate gc removes what no receipt needs; otherwise make room")
    ]
  }
}
