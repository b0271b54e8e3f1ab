// Batches read by the CloudEvents SDK from PyPI, in a virtual environment that goes with the test.

import Foundation
import Testing

/// Parses what a sink took, with code that is not ours.
enum CloudEventsReader {
  static let isWanted = ProcessInfo.processInfo.environment["FOOTPLATE_TEST_CLOUDEVENTS"] == "1"

  /// The SDK has no batches, so each element goes through it as the event that it is.
  private static let script = """
    import json, sys
    from cloudevents.core.formats.json import JSONFormat
    from cloudevents.core.v1.event import CloudEvent
    for line in open(sys.argv[1], encoding="utf-8"):
        for element in json.loads(line):
            event = JSONFormat().read(CloudEvent, json.dumps(element))
            assert event.get_specversion() == "1.0" and event.get_time() is not None
            assert isinstance(event.get_data(), dict), event.get_data()
            print(event.get_id())
    """

  /// The ids of all events, in order.
  static func ids(of bodies: [Data], in folder: BatchFolder) async throws -> [String] {
    let venv = "\(folder.path)/../venv"
    try folder.write(script, to: "read.py")
    try folder.write(
      bodies.map { String(decoding: $0, as: UTF8.self) + "\n" }.joined(), to: "batches.ndjson")
    for (tool, arguments) in [
      ("/usr/bin/env", ["python3", "-m", "venv", venv]),
      ("\(venv)/bin/pip", ["install", "--quiet", "cloudevents==2.2.0"]),
    ] {
      let made = try await folder.tool(tool, arguments, seconds: 240)
      #expect(made.status == 0, "\(made)")
    }
    let read = try await folder.tool(
      "\(venv)/bin/python", ["\(folder.path)/read.py", "\(folder.path)/batches.ndjson"])
    #expect(read.status == 0, "\(read)")
    return read.lines
  }
}
