// A sink of events in the test's own process: a plain HTTP server that takes batches, dies, sleeps,
// and talks nonsense as a test wants it.

import Foundation
import Glibc
import Synchronization

/// What a sink does with a delivery.
enum SinkMood: Sendable, Equatable {
  case well
  /// Answers so, and takes nothing.
  case status(Int)
  /// Refuses a batch that holds an event with this subject.
  case refusing(subject: String)
  /// Answers 413 to more events.
  case atMost(Int)
  /// Reads, and never answers.
  case silent
  /// Answers something that is no HTTP.
  case garbage
}

/// An HTTP server on a port of this host.
final class SinkServer: Sendable {
  private struct State {
    var listener: Int32 = -1
    var connections: Set<Int32> = []
    var mood = SinkMood.well
    var bodies: [Data] = []
    var types: Set<String> = []
    var authorizations: Set<String> = []
    var posts = 0
  }
  private let state = Mutex(State())
  let port: UInt16

  init() throws {
    let (listener, port) = try Self.listen(port: 0)
    self.port = port
    state.withLock { $0.listener = listener }
    serve(listener)
  }

  deinit { die() }

  var url: String { "http://127.0.0.1:\(port)/events" }
  /// The bodies that were taken, in order.
  var bodies: [Data] { state.withLock { $0.bodies } }
  var types: Set<String> { state.withLock { $0.types } }
  var authorizations: Set<String> { state.withLock { $0.authorizations } }
  var posts: Int { state.withLock { $0.posts } }
  func become(_ mood: SinkMood) { state.withLock { $0.mood = mood } }

  /// Every event that was taken, in order, repeats included.
  var events: [SunkEvent] {
    bodies.flatMap { body in
      let elements = (try? JSONSerialization.jsonObject(with: body)) as? [[String: Any]]
      return (elements ?? []).compactMap(SunkEvent.init)
    }
  }

  /// Closes the port and every connection.
  func die() {
    let (listener, connections) = state.withLock { state in
      defer {
        state.listener = -1
        state.connections = []
      }
      return (state.listener, state.connections)
    }
    if listener >= 0 {
      shutdown(listener, Int32(SHUT_RDWR))
      close(listener)
    }
    for connection in connections { shutdown(connection, Int32(SHUT_RDWR)) }
  }

  /// Listens again, on the same port.
  func rise() throws {
    let (listener, _) = try Self.listen(port: port)
    state.withLock { $0.listener = listener }
    serve(listener)
  }

  private static func listen(port: UInt16) throws -> (Int32, UInt16) {
    let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var yes: Int32 = 1
    setsockopt(number, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        bind(number, pointer, length) == 0 && Glibc.listen(number, 64) == 0
          && getsockname(number, pointer, &length) == 0
      }
    }
    guard bound else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EADDRINUSE) }
    return (number, UInt16(bigEndian: address.sin_port))
  }

  private func serve(_ listener: Int32) {
    Thread.detachNewThread { [weak self] in
      while true {
        let connection = accept(listener, nil, nil)
        guard connection >= 0 else { return }
        guard let server = self else {
          close(connection)
          return
        }
        let isAlive = server.state.withLock { state in
          guard state.listener == listener else { return false }
          state.connections.insert(connection)
          return true
        }
        guard isAlive else {
          close(connection)
          return
        }
        Thread.detachNewThread { [weak self] in
          while let server = self, server.exchange(connection) {}
          _ = self?.state.withLock { $0.connections.remove(connection) }
          close(connection)
        }
      }
    }
  }

  /// Reads one request and answers it; false at the connection's end.
  private func exchange(_ connection: Int32) -> Bool {
    var bytes = Data()
    while bytes.range(of: Data("\r\n\r\n".utf8)) == nil {
      guard Self.receive(connection, &bytes) else { return false }
    }
    guard let end = bytes.range(of: Data("\r\n\r\n".utf8)) else { return false }
    let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
    var fields: [String: String] = [:]
    for line in head.split(separator: "\r\n").dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1).map(String.init)
      fields[parts[0].lowercased()] = parts.last?.trimmingCharacters(in: .whitespaces)
    }
    let length = Int(fields["content-length"] ?? "0") ?? 0
    while bytes.count - end.upperBound < length {
      guard Self.receive(connection, &bytes) else { return false }
    }
    let body = Data(bytes[end.upperBound...].prefix(length))
    guard head.hasPrefix("POST") else { return Self.answer(200, connection) }
    return judge(body, fields, connection)
  }

  private func judge(_ body: Data, _ fields: [String: String], _ connection: Int32) -> Bool {
    let mood = state.withLock { state in
      state.posts += 1
      if let key = fields["authorization"] { state.authorizations.insert(key) }
      return state.mood
    }
    let elements = (try? JSONSerialization.jsonObject(with: body)) as? [[String: Any]] ?? []
    switch mood {
    case .well: break
    case .status(let status): return Self.answer(status, connection)
    case .refusing(let subject):
      if elements.contains(where: { $0["subject"] as? String == subject }) {
        return Self.answer(422, connection)
      }
    case .atMost(let count): if elements.count > count { return Self.answer(413, connection) }
    case .silent:
      var rest = Data()
      while Self.receive(connection, &rest) {}
      return false
    case .garbage:
      _ = Self.send("what? \u{1B}[31m no!\r\n\r\n", connection)
      return false
    }
    state.withLock { state in
      state.bodies.append(body)
      state.types.insert(fields["content-type"] ?? "")
    }
    return Self.answer(202, connection)
  }

  private static func answer(_ status: Int, _ connection: Int32) -> Bool {
    let place = (300..<400).contains(status) ? "location: http://elsewhere.invalid/\r\n" : ""
    return send("HTTP/1.1 \(status) Sink\r\n\(place)content-length: 0\r\n\r\n", connection)
  }

  private static func send(_ text: String, _ connection: Int32) -> Bool {
    let bytes = Array(text.utf8)
    return Glibc.send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
  }

  private static func receive(_ connection: Int32, _ bytes: inout Data) -> Bool {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let count = recv(connection, &buffer, buffer.count, 0)
    guard count > 0 else { return false }
    bytes.append(contentsOf: buffer[..<count])
    return true
  }
}

/// An event as a sink got it.
struct SunkEvent: Hashable {
  var id: String
  var type: String
  var subject: String
  var sequence: String
  /// The JSON of its data.
  var data: String

  init?(_ members: [String: Any]) {
    guard members["specversion"] as? String == "1.0", let id = members["id"] as? String,
      let type = members["type"] as? String, let subject = members["subject"] as? String,
      let sequence = members["sequence"] as? String, let data = members["data"],
      let bytes = try? JSONSerialization.data(withJSONObject: data, options: .sortedKeys)
    else { return nil }
    self.id = id
    self.type = type
    self.subject = subject
    self.sequence = sequence
    self.data = String(decoding: bytes, as: UTF8.self)
  }
}
