// SCHEMA_NEWER: the store was made by a newer Footplate. It is refused and left untouched.

import BatchModel
import BatchStore

extension DoctorCheck {
  static let schemaNewer = DoctorCheck(.schemaNewer) { examination in
    guard case .failure(let error) = examination.opening,
      case .newerSchema(_, let found, let supported) = error
    else { return [] }
    return [
      Finding(
        .schemaNewer, .error, examination.layout.database,
        "made by a newer Footplate: schema \(found), this one knows \(supported)", .byHand,
        "update Footplate; nothing is changed until then")
    ]
  }
}
