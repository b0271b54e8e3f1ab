// A mock agent between two pipes: what it says to which command.

import BatchModel
import Foundation
import Glibc
import Testing

@testable import MockAgent

@Suite struct MockAgentTests {
  /// Lets an agent serve the lines, and returns its exit status and what it wrote.
  private func talk(_ text: String, _ input: [UInt8]) throws -> (status: Int32, lines: [String]) {
    let pipes = (Pipe(), Pipe())
    try pipes.0.fileHandleForWriting.write(contentsOf: Data(input))
    try pipes.0.fileHandleForWriting.close()
    var agent = MockAgent(
      script: try MockAgentScript(try JSONReader.value(of: text)),
      input: pipes.0.fileHandleForReading.fileDescriptor,
      output: pipes.1.fileHandleForWriting.fileDescriptor)
    let status = agent.run()
    try pipes.1.fileHandleForWriting.close()
    let output = try pipes.1.fileHandleForReading.readToEnd() ?? Data()
    return (status, String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init))
  }

  private func line(_ command: AgentCommand) -> [UInt8] {
    AgentProtocol.line(AgentInstruction.command(command))
  }

  @Test func `Each command is answered in its own name and the agent leaves with its input`() throws
  {
    let (status, lines) = try talk(
      "{}", line(.sample(item: "a", attempt: 7)) + line(.sample(item: "b", attempt: 8)))
    #expect(status == 0)
    #expect(
      lines == [
        #"{"answer":"answer to a","attempt":7,"type":"result"}"#,
        #"{"answer":"answer to b","attempt":8,"type":"result"}"#,
      ])
  }

  @Test func `What the script says is said in its order, up to the exit`() throws {
    let (status, lines) = try talk(
      """
      {"start": [{"do": "garbage", "text": "hello {{pid}}"}],
       "otherwise": [{"do": "heartbeat"}, {"do": "log", "level": "warn", "text": "on {{item}}"},
         {"do": "progress", "done": 1, "total": 2}, {"do": "late"}, {"do": "unknown"},
         {"do": "usage", "model": "m", "input_tokens": 5, "cost": "0.10"},
         {"do": "exit", "status": 9}, {"do": "heartbeat"}]}
      """, line(.sample()))
    #expect(status == 9)
    #expect(
      lines == [
        "hello \(getpid())", #"{"attempt":7,"type":"heartbeat"}"#,
        #"{"attempt":7,"level":"warn","message":"on a","type":"log"}"#,
        #"{"attempt":7,"done":1,"event":"progress","total":2,"type":"event"}"#,
        #"{"answer":"late","attempt":6,"type":"result"}"#,
        #"{"type":"telepathy","attempt":0}"#,
        #"{"attempt":7,"event":"usage","type":"event","usage":{"cache_read_tokens":0,"#
          + #""cache_write_tokens":0,"cost":"0.10","input_tokens":5,"model":"m","output_tokens":0}}"#,
      ])
  }

  @Test func `A cancel ends a wait, and the next command is served`() throws {
    let cancel = AgentProtocol.line(AgentInstruction.cancel(AttemptID(7)))
    let (_, lines) = try talk(
      #"{"rules": [{"item": "a", "acts": [{"do": "silence"}]}]}"#,
      line(.sample(item: "a", attempt: 7)) + line(.sample(item: "b", attempt: 8)) + cancel)
    #expect(
      lines == [
        #"{"attempt":7,"message":"cancelled","retryable":true,"type":"failed"}"#,
        #"{"answer":"answer to b","attempt":8,"type":"result"}"#,
      ])
  }

  @Test func `Lines that are no instruction are passed over`() throws {
    let (status, lines) = try talk("{}", Array("<html>\n{}\n\n".utf8) + line(.sample()))
    #expect(status == 0)
    #expect(lines.count == 1)
  }
}
