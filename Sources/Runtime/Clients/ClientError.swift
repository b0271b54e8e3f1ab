// What a client of a run can be told instead of an answer.

package import BatchModel

/// Why a client's question has no answer.
package enum ClientError: Error, Hashable, CustomStringConvertible {
  case noStore(path: String)
  case noRun(name: String?)
  case noItem(reference: String)
  case ambiguous(reference: String, candidates: [String])
  case noGroup(name: String, known: [String])
  case unknownPart(Hold, known: [String])

  package var description: String {
    switch self {
    case .noStore(let path):
      "\(path): no batch has run here yet: footplate run"
    case .noRun(nil): "no batch has run here yet: footplate run"
    case .noRun(let name?): "\(name): no such run; footplate runs lists them"
    case .noItem(let reference): "\(reference): no such item; footplate export items lists them"
    case .ambiguous(let reference, let candidates):
      "\(reference): could be \(candidates.joined(separator: ", ")); say more of it, or #ordinal"
    case .unknownPart(let hold, let known):
      "there is no \(hold); there are \(known.isEmpty ? "none" : known.joined(separator: ", "))"
    case .noGroup(let name, let known):
      "\(name): no such group; there are \(known.isEmpty ? "none" : known.joined(separator: ", "))"
    }
  }
}
